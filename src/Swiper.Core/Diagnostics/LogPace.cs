namespace Swiper.Core.Diagnostics;

/// <summary>Lets an event that attackers can cause into the log once a second, with how many it stands for.</summary>
public sealed class LogPace
{
    private const long IntervalMs = 1000;

    private long _next = Environment.TickCount64;
    private int _untold;

    /// <summary>True if it is to be logged now, for itself and those since the last.</summary>
    public bool TryTake(out int count)
    {
        Interlocked.Increment(ref _untold);
        var now = Environment.TickCount64;
        var next = Volatile.Read(ref _next);
        count = 0;
        if (now < next || Interlocked.CompareExchange(ref _next, now + IntervalMs, next) != next)
            return false;
        count = Interlocked.Exchange(ref _untold, 0);
        return true;
    }
}
