using System.Collections.Concurrent;
using System.Diagnostics.Tracing;
using System.Globalization;
using Microsoft.Diagnostics.NETCore.Client;
using Microsoft.Diagnostics.Tracing;

namespace Swiper.Compare.Batches;

/// <summary>
/// Reads the host's instrument <c>swiper.storage.batches</c> through the diagnostics port that every .NET process opens: how many batches of which
/// size each lane has had since the process started.
/// </summary>
internal sealed class BatchCounters : IDisposable
{
    private const string Instrument = "swiper.storage.batches";
    private const long TimeSeriesValues = 2;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly EventPipeSession _session;
    private readonly EventPipeEventSource _events;
    private readonly Thread _reader;
    private readonly ConcurrentDictionary<BatchClass, long> _counts = new();
    private readonly SemaphoreSlim _collected = new(0);

    public BatchCounters(int process)
    {
        var provider = new EventPipeProvider("System.Diagnostics.Metrics", EventLevel.Informational, TimeSeriesValues, new Dictionary<string, string>
        {
            ["Metrics"] = "Swiper.Storage",
            ["RefreshInterval"] = Interval.TotalSeconds.ToString(CultureInfo.InvariantCulture),
            ["MaxTimeSeries"] = "1000",
            ["MaxHistograms"] = "10",
        });
        _session = new DiagnosticsClient(process).StartEventPipeSession(provider, requestRundown: false);
        _events = new EventPipeEventSource(_session.EventStream);
        _events.Dynamic.All += Read;
        _reader = new Thread(() => _events.Process()) { IsBackground = true };
        _reader.Start();
    }

    /// <summary>The counts as they are now. Waits for them: the one that is under way may have begun before.</summary>
    public IReadOnlyDictionary<BatchClass, long> Read()
    {
        while (_collected.Wait(0))
        {
        }
        for (var i = 0; i < 2; i++)
        {
            if (!_collected.Wait(Patience))
                throw new TimeoutException($"the host does not tell its {Instrument}");
        }
        return new Dictionary<BatchClass, long>(_counts);
    }

    public void Dispose()
    {
        try
        {
            _session.Stop();
        }
        catch (Exception e) when (e is ServerNotAvailableException or EndOfStreamException or IOException or TimeoutException)
        {
            // The process is gone, and with it the session.
        }
        _reader.Join(Patience);
        _events.Dispose();
        _session.Dispose();
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
