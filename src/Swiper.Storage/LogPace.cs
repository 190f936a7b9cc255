namespace Swiper.Storage;

/// <summary>Keeps a line of the log that might come with every call to one a minute.</summary>
internal sealed class LogPace(TimeProvider clock)
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    private object? _last;

    /// <summary>True at most once a minute, for one of those who ask.</summary>
    public bool IsDue()
    {
        var (now, last) = (clock.GetTimestamp(), Volatile.Read(ref _last));
        if (last is not null && clock.GetElapsedTime((long)last, now) < Every)
            return false;
        return Interlocked.CompareExchange(ref _last, now, last) == last;
    }
}
