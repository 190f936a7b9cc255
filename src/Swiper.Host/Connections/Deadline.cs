using Swiper.Host.Options;

namespace Swiper.Host.Connections;

/// <summary>The deadline of a connection. A part of its <see cref="FrameLoop"/>, checked once a second.</summary>
internal struct Deadline(ConnectionLimits limits)
{
    private const long LingerMs = 1000;

    private readonly ConnectionLimits _limits = limits;
    private long _at = Environment.TickCount64 + (long)limits.FirstFrame.TotalMilliseconds;
    private long _left;
    private bool _hadFrame;
    private bool _inFrame;

    /// <summary>The phase that timed out, for the log.</summary>
    public readonly string Phase => !_hadFrame ? "before a first frame" : _inFrame ? "in a frame" : "idle";

    /// <param name="now">From <see cref="Environment.TickCount64"/>.</param>
    public bool IsPast(long now) => now >= Volatile.Read(ref _at);

    /// <summary>Before waiting for the client to close.</summary>
    public void Linger() => Volatile.Write(ref _at, Environment.TickCount64 + LingerMs);

    /// <summary>
    /// Before waiting for the client to read what was sent, or for its pace: nothing is read from it, so it can't be late with that. How
    /// long it may take to read is counted from when it left something unread, which may be while the loop does anything else.
    /// </summary>
    public void Suspend()
    {
        _left = _at - Environment.TickCount64;
        Volatile.Write(ref _at, long.MaxValue);
    }

    /// <summary>The client is read from, and has as long as it had before the wait.</summary>
    public void Resume() => Volatile.Write(ref _at, Environment.TickCount64 + _left);

    /// <summary>After each read.</summary>
    /// <param name="gotFrame">The read completed a frame.</param>
    /// <param name="inFrame">The read ended within a frame.</param>
    public void Extend(bool gotFrame, bool inFrame)
    {
        _hadFrame |= gotFrame;
        if (!_hadFrame)
            return;
        // An incomplete frame keeps the deadline of its first byte: sending one byte a second gains no time.
        if (inFrame && _inFrame && !gotFrame)
            return;
        _inFrame = inFrame;
        var time = inFrame ? _limits.Frame : _limits.Idle;
        Volatile.Write(ref _at, Environment.TickCount64 + (long)time.TotalMilliseconds);
    }
}
