using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Diagnostics.Tracing;
using Swiper.Compare.Processes;

namespace Swiper.Compare.Batches;

/// <summary>Reads the host's instrument <c>swiper.storage.batches</c>: how many batches of which size each lane has had since the process started.</summary>
internal sealed class BatchCounters : IDisposable
{
    private const string Instrument = "swiper.storage.batches";
    private const long TimeSeriesValues = 2;

    private readonly ConcurrentDictionary<BatchClass, long> _counts = new();
    private readonly SemaphoreSlim _collected = new(0);
    private readonly EventPipeReader _reader;

    public BatchCounters(int process)
    {
        var arguments = new Dictionary<string, string>
        {
            ["Metrics"] = "Swiper.Storage",
            ["RefreshInterval"] = EventPipeReader.Interval.TotalSeconds.ToString(CultureInfo.InvariantCulture),
            ["MaxTimeSeries"] = "1000",
            ["MaxHistograms"] = "10",
        };
        _reader = new EventPipeReader(process, "System.Diagnostics.Metrics", TimeSeriesValues, arguments, Read);
    }

    /// <summary>The counts as they are now. Waits for them: the one that is under way may have begun before.</summary>
    public IReadOnlyDictionary<BatchClass, long> Read()
    {
        while (_collected.Wait(0))
        {
        }
        for (var i = 0; i < 2; i++)
        {
            if (!_collected.Wait(EventPipeReader.Patience))
                throw new TimeoutException($"the host does not tell its {Instrument}");
        }
        return new Dictionary<BatchClass, long>(_counts);
    }

    public void Dispose()
    {
        _reader.Dispose();
        _collected.Dispose();
    }

    private void Read(TraceEvent e)
    {
        if (e.EventName == "Collection/Stop")
            _collected.Release();
        else if (e.EventName == "CounterRateValuePublished" && e.PayloadByName("instrumentName") is Instrument)
            _counts[BatchClass.Parse((string)e.PayloadByName("tags"))] = long.Parse((string)e.PayloadByName("value"), CultureInfo.InvariantCulture);
    }
}
