using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.Diagnostics.Tracing;
using Swiper.Compare.Processes;

namespace Swiper.Compare.Batches;

/// <summary>
/// Reads the host's instrument <c>swiper.storage.batches</c>: how many batches of which size each lane has had since the process
/// started.
/// </summary>
internal sealed class BatchCounters : IDisposable
{
    private const string Instrument = "swiper.storage.batches";
    private const long TimeSeriesValues = 2;

    private readonly Dictionary<BatchClass, long> _counts = [];
    private readonly EventPipeReader<IReadOnlyDictionary<BatchClass, long>> _reader;

    public BatchCounters(int process) =>
        _reader = new EventPipeReader<IReadOnlyDictionary<BatchClass, long>>(process, "System.Diagnostics.Metrics", TimeSeriesValues,
            seconds => new()
            {
                ["Metrics"] = "Swiper.Storage",
                ["RefreshInterval"] = seconds,
                ["MaxTimeSeries"] = "1000",
                ["MaxHistograms"] = "10",
            }, TryReadCounts);

    /// <summary>The counts as they are now. Waits for them: the collection that is under way may have begun before.</summary>
    public IReadOnlyDictionary<BatchClass, long> Read() => _reader.Take(intervals: 1)[0];

    public void Dispose() => _reader.Dispose();

    // A collection tells each count that there is, then that it has ended.
    private bool TryReadCounts(TraceEvent e, [MaybeNullWhen(false)] out IReadOnlyDictionary<BatchClass, long> counts)
    {
        counts = null;
        if (e.EventName == "CounterRateValuePublished" && e.PayloadByName("instrumentName") is Instrument)
            _counts[BatchClass.Parse((string)e.PayloadByName("tags"))] =
                long.Parse((string)e.PayloadByName("value"), CultureInfo.InvariantCulture);
        else if (e.EventName == "Collection/Stop")
            counts = new Dictionary<BatchClass, long>(_counts);
        return counts is not null;
    }
}
