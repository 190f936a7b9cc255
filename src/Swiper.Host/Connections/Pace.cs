namespace Swiper.Host.Connections;

/// <summary>
/// How fast a connection is served. A token bucket that holds what a second allows, of which only the time is kept at which it will be
/// full (https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm). A part of its <see cref="FrameLoop"/>.
/// </summary>
internal struct Pace
{
    private long _fullAt;

    /// <summary>Takes what was served, and tells how long to wait before anything else is.</summary>
    /// <param name="units">Frames, and KB of them and of their replies.</param>
    /// <param name="perSecond">Units that a second allows.</param>
    /// <param name="clock">The clock.</param>
    public TimeSpan Take(int units, int perSecond, TimeProvider clock)
    {
        var (now, second) = (clock.GetTimestamp(), clock.TimestampFrequency);
        _fullAt = Math.Max(_fullAt, now) + (units * second / perSecond);
        return _fullAt - now > second ? clock.GetElapsedTime(now, _fullAt - second) : TimeSpan.Zero;
    }
}
