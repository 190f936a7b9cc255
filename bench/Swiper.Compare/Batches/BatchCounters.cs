using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.Diagnostics.Tracing;
using Swiper.Compare.Processes;

namespace Swiper.Compare.Batches;

/// <summary>
/// Reads the host's instrument <c>swiper.storage.batches</c>: the number of batches by lane and size since the process started.
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

    /// <summary>The current counts. Waits for the next full collection, because one in progress may have started earlier.</summary>
    public IReadOnlyDictionary<BatchClass, long> Read() => _reader.Take(intervals: 1)[0];

    public void Dispose() => _reader.Dispose();

    // A collection sends every count, then an event that it has ended.
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
