namespace Swiper.Storage;

/// <summary>Limits a log line that could be written with every call to one per minute.</summary>
internal sealed class LogPace(TimeProvider clock)
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    private object? _last;

    /// <summary>True at most once a minute, for one of concurrent callers.</summary>
    public bool IsDue()
    {
        var (now, last) = (clock.GetTimestamp(), Volatile.Read(ref _last));
        if (last is not null && clock.GetElapsedTime((long)last, now) < Every)
            return false;
        return Interlocked.CompareExchange(ref _last, now, last) == last;
    }
}
