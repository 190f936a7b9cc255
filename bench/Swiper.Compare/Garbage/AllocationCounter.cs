using System.Globalization;
using Microsoft.Diagnostics.Tracing;
using Swiper.Compare.Processes;
using Swiper.Compare.Rows;

namespace Swiper.Compare.Garbage;

/// <summary>
/// Tells from outside what a process allocates, by the runtime's own <c>alloc-rate</c> counter. The runtime counts in allocation
/// contexts of 8 KiB a thread; at thousands of requests a second that is nothing a request.
/// </summary>
internal sealed class AllocationCounter : IDisposable
{
    private const long Everything = -1;

    private readonly EventPipeReader<double> _reader;

    public AllocationCounter(int process) =>
        _reader = new EventPipeReader<double>(
            process, "System.Runtime", Everything, seconds => new() { ["EventCounterIntervalSec"] = seconds }, TryReadRate);

    /// <summary>Bytes allocated a second from now on: the median of so many intervals. Waits for them.</summary>
    public double BytesPerSecond(int intervals) => Rounds.Median(_reader.Take(intervals));

    public void Dispose() => _reader.Dispose();

    private static bool TryReadRate(TraceEvent e, out double rate)
    {
        rate = 0;
        if (e.EventName != "EventCounters" || e.PayloadValue(0) is not IDictionary<string, object> { } outer
            || outer["Payload"] is not IDictionary<string, object> counter || counter["Name"] is not "alloc-rate")
            return false;
        var seconds = Convert.ToDouble(counter["IntervalSec"], CultureInfo.InvariantCulture);
        if (seconds <= 0)
            return false;
        rate = Convert.ToDouble(counter["Increment"], CultureInfo.InvariantCulture) / seconds;
        return true;
    }
}
