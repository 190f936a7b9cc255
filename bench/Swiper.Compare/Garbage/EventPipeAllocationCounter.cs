using System.Collections.Concurrent;
using System.Diagnostics.Tracing;
using System.Globalization;
using Microsoft.Diagnostics.NETCore.Client;
using Microsoft.Diagnostics.Tracing;
using Swiper.Compare.Rows;

namespace Swiper.Compare.Garbage;

/// <summary>
/// Reads the runtime's own <c>alloc-rate</c> counter through the diagnostics port that every .NET process opens, so that the host needs no
/// hook. The runtime counts in allocation contexts of 8 KiB a thread; at thousands of requests a second that is nothing a request.
/// </summary>
internal sealed class EventPipeAllocationCounter : IAllocationCounter
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly EventPipeSession _session;
    private readonly EventPipeEventSource _events;
    private readonly Thread _reader;
    private readonly BlockingCollection<double> _rates = [];

    public EventPipeAllocationCounter(int process)
    {
        var provider = new EventPipeProvider("System.Runtime", EventLevel.Informational, -1, new Dictionary<string, string>
        {
            ["EventCounterIntervalSec"] = Interval.TotalSeconds.ToString(CultureInfo.InvariantCulture),
        });
        _session = new DiagnosticsClient(process).StartEventPipeSession(provider, requestRundown: false);
        _events = new EventPipeEventSource(_session.EventStream);
        _events.Dynamic.All += Read;
        _reader = new Thread(() => _events.Process()) { IsBackground = true };
        _reader.Start();
    }

    public double BytesPerSecond(int intervals)
    {
        while (_rates.TryTake(out _))
        {
        }
        // The first to come began before now.
        TakeOne();
        return Rounds.Median([.. Enumerable.Range(0, intervals).Select(_ => TakeOne())]);
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
        _rates.Dispose();
    }

    private double TakeOne() =>
        _rates.TryTake(out var rate, Patience) ? rate : throw new TimeoutException("the server's runtime sends no allocation counter");

    private void Read(TraceEvent e)
    {
        if (e.EventName != "EventCounters" || e.PayloadValue(0) is not IDictionary<string, object> { } outer
            || outer["Payload"] is not IDictionary<string, object> counter || counter["Name"] is not "alloc-rate")
            return;
        var seconds = Convert.ToDouble(counter["IntervalSec"], CultureInfo.InvariantCulture);
        if (seconds > 0)
            _rates.Add(Convert.ToDouble(counter["Increment"], CultureInfo.InvariantCulture) / seconds);
    }
}
