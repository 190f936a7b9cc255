using Swiper.Core.Diagnostics;

namespace Swiper.Host.Connections;

[EventIds(2000, 2099, "Connections")]
internal static partial class ConnectionLog
{
    [LoggerMessage(2000, LogLevel.Debug, "Connection {ConnectionId} closed: {Reason}")]
    public static partial void Refused(ILogger logger, string connectionId, string reason);

    [LoggerMessage(2001, LogLevel.Debug, "Connection {ConnectionId} timed out ({Phase})")]
    public static partial void CutOff(ILogger logger, string connectionId, string phase);

    [LoggerMessage(2002, LogLevel.Debug, "Connection {ConnectionId} closed: its client left more than {Bytes} bytes unread")]
    public static partial void Unread(ILogger logger, string connectionId, int bytes);
}
