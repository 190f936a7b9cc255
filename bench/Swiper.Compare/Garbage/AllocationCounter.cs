using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Diagnostics.Tracing;
using Swiper.Compare.Processes;
using Swiper.Compare.Rows;

namespace Swiper.Compare.Garbage;

/// <summary>
/// Tells from outside what a process allocates, by the runtime's own <c>alloc-rate</c> counter. The runtime counts in allocation contexts of 8 KiB a thread; at thousands of
/// requests a second that is nothing a request.
/// </summary>
internal sealed class AllocationCounter : IDisposable
{
    private const long Everything = -1;

    private readonly BlockingCollection<double> _rates = [];
    private readonly EventPipeReader _reader;

    public AllocationCounter(int process)
    {
        var arguments = new Dictionary<string, string>
        {
            ["EventCounterIntervalSec"] = EventPipeReader.Interval.TotalSeconds.ToString(CultureInfo.InvariantCulture),
        };
        _reader = new EventPipeReader(process, "System.Runtime", Everything, arguments, Read);
    }

    /// <summary>Bytes allocated a second from now on: the median of so many intervals. Waits for them.</summary>
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
        _reader.Dispose();
        _rates.Dispose();
    }

    private double TakeOne() =>
        _rates.TryTake(out var rate, EventPipeReader.Patience) ? rate : throw new TimeoutException("the server's runtime sends no allocation counter");

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
