using System.Diagnostics.Metrics;

namespace Swiper.Storage.Metrics;

/// <summary>The meter of an engine. Only lanes record, once a batch; all other instruments read what the engine keeps anyway.</summary>
internal sealed class StorageMeter : IDisposable
{
    private const string Name = "Swiper.Storage";

    private static readonly InstrumentAdvice<long> PowersOfTwo = new()
    {
        HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024],
    };

    // From a commit of a fast disk to a store's deadline.
    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries =
            [0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    };

    private readonly Histogram<long> _batchSize;
    private readonly Histogram<double> _commitDuration;

    /// <param name="meters">The host's; a test or a tool need not have any.</param>
    public StorageMeter(IMeterFactory? meters)
    {
        Meter = meters?.Create(Name) ?? new Meter(Name);
        _batchSize = Meter.CreateHistogram(
            "swiper.lane.batch.size", "{operation}", "Operations in a committed batch of a shard's writes.", advice: PowersOfTwo);
        _commitDuration = Meter.CreateHistogram(
            "swiper.lane.commit.duration", "s", "From the begin of a batch's transaction to the end of its commit.", advice: Seconds);
    }

    public Meter Meter { get; }

    /// <param name="shard">Its number.</param>
    /// <param name="lane">"write", or "records" where those have lanes of their own.</param>
    public LaneMeter OfLane(int shard, string lane) => new(_batchSize, _commitDuration, shard, lane);

    /// <summary>A factory's meter lives as long as the factory.</summary>
    public void Dispose() => Meter.Dispose();
}

/// <summary>Where a shard's lane records its batches.</summary>
internal sealed class LaneMeter(Histogram<long> batchSize, Histogram<double> commitDuration, int shard, string lane)
{
    private readonly KeyValuePair<string, object?> _shard = new("shard", shard);
    private readonly KeyValuePair<string, object?> _lane = new("lane", lane);

    public void Committed(int operations, TimeSpan took)
    {
        batchSize.Record(operations, _shard, _lane);
        commitDuration.Record(took.TotalSeconds, _shard, _lane);
    }
}
