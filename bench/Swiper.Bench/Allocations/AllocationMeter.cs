using System.Diagnostics;

namespace Swiper.Bench.Allocations;

/// <summary>
/// Counts the bytes that all threads of the process allocate for an operation, in several windows: nothing else may run in it, and what
/// the runtime itself allocates now and then is not in every window.
/// </summary>
internal static class AllocationMeter
{
    private const int Windows = 8;

    // So many operations that what is seen once a window does not reach the last decimal.
    private const int OperationsOfWindow = 4_000;
    private const int MinCalls = 2;

    // Where a disk is in it, fewer operations have to do.
    private static readonly TimeSpan LongestWindow = TimeSpan.FromMilliseconds(200);

    /// <summary>One window after the other.</summary>
    /// <param name="call">The benchmark.</param>
    /// <param name="operationsPerCall">Operations that one call is.</param>
    public static IEnumerable<AllocationWindow> Measure(Action call, int operationsPerCall)
    {
        var calls = WarmUp(call, operationsPerCall);
        for (var window = 0; window < Windows; window++)
            yield return Window(call, calls, operationsPerCall);
    }

    // Pools and lists grow to what they need, and everything is compiled. Answers the calls of a window.
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
