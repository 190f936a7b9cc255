using Swiper.Core.Diagnostics;

namespace Swiper.Host.Connections;

[EventIds(2000, 2099, "Connections")]
internal static partial class ConnectionLog
{
    [LoggerMessage(2000, LogLevel.Debug, "{ConnectionId} was refused and is closed: {Reason}")]
    public static partial void Refused(ILogger logger, string connectionId, string reason);

    [LoggerMessage(2001, LogLevel.Debug, "{ConnectionId} was silent for too long ({Phase})")]
    public static partial void CutOff(ILogger logger, string connectionId, string phase);

    [LoggerMessage(2002, LogLevel.Debug, "{ConnectionId} was cut off: more than {Bytes} bytes waited for it to read")]
    public static partial void Unread(ILogger logger, string connectionId, int bytes);
}
