namespace Swiper.Core.Diagnostics;

/// <summary>Lets an event that may come with every call into the log once in a while, with how many it stands for.</summary>
/// <param name="every">How often; null is a second.</param>
/// <param name="clock">Null is the system's.</param>
public sealed class LogPace(TimeSpan? every = null, TimeProvider? clock = null)
{
    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private readonly TimeSpan _every = every ?? TimeSpan.FromSeconds(1);

    // Of the last line; 0 before the first.
    private long _last;
    private int _untold;

    /// <summary>True, for one of concurrent callers, if it is to be logged now, for itself and those since the last.</summary>
    public bool TryTake(out int count)
    {
        Interlocked.Increment(ref _untold);
        var (now, last) = (Math.Max(1, _clock.GetTimestamp()), Volatile.Read(ref _last));
        count = 0;
        if ((last != 0 && _clock.GetElapsedTime(last, now) < _every) || Interlocked.CompareExchange(ref _last, now, last) != last)
            return false;
        count = Interlocked.Exchange(ref _untold, 0);
        return true;
    }
}
