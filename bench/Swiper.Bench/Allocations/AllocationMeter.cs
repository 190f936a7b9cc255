using System.Diagnostics;

namespace Swiper.Bench.Allocations;

/// <summary>What was allocated while a benchmark ran many times.</summary>
/// <param name="Bytes">Bytes per operation on all threads, to a tenth.</param>
/// <param name="BytesOfCaller">Bytes per operation on the calling thread.</param>
internal readonly record struct AllocationWindow(double Bytes, double BytesOfCaller);

/// <summary>
/// Counts the bytes that all threads of the process allocate per operation. Nothing else may run in the process; several windows are
/// taken, because the runtime's own occasional allocations are not in every window.
/// </summary>
internal static class AllocationMeter
{
    private const int Windows = 8;

    // Enough operations that a single allocation per window does not show in the last decimal.
    private const int OperationsOfWindow = 4_000;
    private const int MinCalls = 2;

    // Fewer operations if a disk is involved.
    private static readonly TimeSpan LongestWindow = TimeSpan.FromMilliseconds(200);

    /// <summary>Measures the windows one after the other.</summary>
    /// <param name="call">The benchmark.</param>
    /// <param name="operationsPerCall">Operations per call.</param>
    public static IEnumerable<AllocationWindow> Measure(Action call, int operationsPerCall)
    {
        var calls = WarmUp(call, operationsPerCall);
        for (var window = 0; window < Windows; window++)
            yield return Window(call, calls, operationsPerCall);
    }

    // Lets pools and lists grow and code compile. Returns the number of calls per window.
    private static int WarmUp(Action call, int operationsPerCall)
    {
        var calls = 0;
        var start = Stopwatch.GetTimestamp();
        do
            call();
        while (++calls < MinCalls || calls * operationsPerCall < OperationsOfWindow && Stopwatch.GetElapsedTime(start) < LongestWindow);
        return calls;
    }

    private static AllocationWindow Window(Action call, int calls, int operationsPerCall)
    {
        var here = GC.GetAllocatedBytesForCurrentThread();
        var before = GC.GetTotalAllocatedBytes(precise: true);
        for (var i = 0; i < calls; i++)
            call();
        var bytes = GC.GetTotalAllocatedBytes(precise: true) - before;
        var operations = (double)calls * operationsPerCall;
        return new AllocationWindow(
            Math.Round(bytes / operations, 1), Math.Round((GC.GetAllocatedBytesForCurrentThread() - here) / operations, 1));
    }
}
