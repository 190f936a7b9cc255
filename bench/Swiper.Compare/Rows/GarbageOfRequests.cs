using Swiper.Compare.Garbage;
using Swiper.Compare.Processes;

namespace Swiper.Compare.Rows;

/// <summary>Bytes the server allocates per request, beyond what it allocates while idle and observed.</summary>
internal static class GarbageOfRequests
{
    private const int IdleIntervals = 5;
    private const int BusyIntervals = 5;
    private static readonly Pace Pace = new(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4));

    public static IReadOnlyList<double> Take(SwiperHost swiper, Func<Pace, Reading> load)
    {
        using var counter = new AllocationCounter(swiper.ProcessId);
        var idle = counter.BytesPerSecond(IdleIntervals);
        var loading = Task.Run(() => load(Pace));
        // After the warm-up: one-time allocations per connection are not garbage of requests.
        Thread.Sleep(Pace.WarmUp);
        var busy = counter.BytesPerSecond(BusyIntervals);
        return [Math.Max(0, busy - idle) / loading.GetAwaiter().GetResult().Value];
    }
}
