namespace Swiper.Host.Connections;

/// <summary>
/// How fast a connection is served. A token bucket that holds what a second allows, of which only the time is kept at which it will be
/// full (https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm). A part of its <see cref="FrameLoop"/>.
/// </summary>
internal struct Pace
{
    // So few bytes are a crumb, unless they complete a frame. A network splits no small frame, and a client that sends a frame's length
    // apart from the rest makes one a frame: from the second on a crumb costs as much as so many frames, so that who drips bytes waits.
    private const int CrumbBytes = 256;
    private const int CrumbFrames = 50;

    private long _fullAt;

    // Crumbs since the last frame or larger read.
    private int _crumbs;

    /// <summary>Takes what a read has cost, and tells how long to wait before the next.</summary>
    /// <param name="units">Frames, and KB of them and of their replies; 0 for a read that brought only a part of a frame.</param>
    /// <param name="bytes">What the read brought.</param>
    /// <param name="perSecond">Units that a second allows.</param>
    /// <param name="clock">The clock.</param>
    public TimeSpan Take(int units, long bytes, int perSecond, TimeProvider clock)
    {
        _crumbs = units == 0 && bytes < CrumbBytes ? _crumbs + 1 : 0;
        var cost = _crumbs > 1 ? CrumbFrames : Math.Max(1, units);
        var (now, second) = (clock.GetTimestamp(), clock.TimestampFrequency);
        _fullAt = Math.Max(_fullAt, now) + (cost * second / perSecond);
        return _fullAt - now > second ? clock.GetElapsedTime(now, _fullAt - second) : TimeSpan.Zero;
    }
}
