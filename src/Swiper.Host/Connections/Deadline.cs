using Microsoft.AspNetCore.Connections;
using Swiper.Host.Options;

namespace Swiper.Host.Connections;

/// <summary>
/// When a connection must have sent something. Kestrel's heartbeat checks it once a second, which is exact enough and costs no
/// timer a connection.
/// </summary>
internal sealed class Deadline(ConnectionContext connection, ConnectionLimits limits, ILogger logger)
{
    /// <summary>The callback of Kestrel's heartbeat.</summary>
    public static readonly Action<object> Check = static state => ((Deadline)state).CutOffIfPast();

    private long _at = Environment.TickCount64 + (long)limits.FirstFrame.TotalMilliseconds;
    private bool _hadFrame;
    private bool _inFrame;

    /// <summary>After each read.</summary>
    /// <param name="gotFrame">The read completed a frame.</param>
    /// <param name="inFrame">The read ended within a frame.</param>
    public void Extend(bool gotFrame, bool inFrame)
    {
        _hadFrame |= gotFrame;
        if (!_hadFrame)
            return;
        // A frame that goes on keeps the deadline of its first byte: one byte a second buys no time.
        if (inFrame && _inFrame && !gotFrame)
            return;
        _inFrame = inFrame;
        var time = inFrame ? limits.Frame : limits.Idle;
        Volatile.Write(ref _at, Environment.TickCount64 + (long)time.TotalMilliseconds);
    }

    private void CutOffIfPast()
    {
        if (Environment.TickCount64 < Volatile.Read(ref _at))
            return;
        ConnectionLog.CutOff(logger, connection.ConnectionId, _hadFrame ? _inFrame ? "in a frame" : "idle" : "before a first frame");
        connection.Abort(new ConnectionAbortedException("deadline passed"));
    }
}
