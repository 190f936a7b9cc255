using System.Globalization;
using Microsoft.Diagnostics.Tracing;
using Swiper.Compare.Processes;
using Swiper.Compare.Rows;

namespace Swiper.Compare.Garbage;

/// <summary>
/// Measures the allocations of another process with the runtime's <c>alloc-rate</c> counter. It counts in allocation contexts of 8 KiB
/// per thread, which is negligible per request at thousands of requests per second.
/// </summary>
internal sealed class AllocationCounter : IDisposable
{
    private const long Everything = -1;

    private readonly EventPipeReader<double> _reader;

    public AllocationCounter(int process) =>
        _reader = new EventPipeReader<double>(
            process, "System.Runtime", Everything, seconds => new() { ["EventCounterIntervalSec"] = seconds }, TryReadRate);

    /// <summary>Bytes allocated per second: waits for the given number of intervals and returns their median.</summary>
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
