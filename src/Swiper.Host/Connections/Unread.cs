using Swiper.Host.Transport;

namespace Swiper.Host.Connections;

/// <summary>
/// What a client leaves unread in the kernel while no flush has to wait for it. A part of its <see cref="FrameLoop"/>, and looked at by
/// <see cref="ConnectionWatch"/> alone: only now and then, and only where something was sent since it was last seen to be read.
/// </summary>
internal struct Unread
{
    private SendQueue _queue;
    private long _since;
    private long _askAt;
    private int _flushes;
    private bool _isStuck;

    /// <summary>Bytes of which the client took none between the last two times that the kernel was asked: it is not reading.</summary>
    public readonly int Bytes => _isStuck ? _queue.Unread : 0;

    /// <summary>
    /// Since when the client has taken nothing that was sent, of <see cref="Environment.TickCount64"/>; <see cref="long.MaxValue"/> if it
    /// has taken all.
    /// </summary>
    public readonly long Since => _queue.Unread == 0 ? long.MaxValue : _since;

    /// <summary>Whether the kernel is to be asked now; at each look.</summary>
    /// <param name="flushes">Of the connection's output.</param>
    /// <param name="now">From <see cref="Environment.TickCount64"/>.</param>
    /// <param name="intervalMs">From a flush to asking, in which most is read, and from asking to asking.</param>
    public bool IsDue(int flushes, long now, long intervalMs)
    {
        if (_askAt == 0)
        {
            if (flushes != _flushes)
                (_flushes, _askAt) = (flushes, now + intervalMs);
            return false;
        }
        if (now < _askAt)
            return false;
        _askAt = 0;
        return true;
    }

    /// <summary>What the kernel answered; nothing if it could not.</summary>
    public void Note(SendQueue queue, long now, long intervalMs)
    {
        _isStuck = queue.Unread > 0 && _queue.Unread > 0 && queue.Taken == _queue.Taken;
        if (!_isStuck)
            _since = now;
        if (queue.Unread > 0)
            _askAt = now + intervalMs;
        _queue = queue;
    }
}
