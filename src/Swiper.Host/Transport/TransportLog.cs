using System.ComponentModel;
using Swiper.Core.Diagnostics;

namespace Swiper.Host.Transport;

[EventIds(2100, 2199, "The epoll transport")]
internal static partial class TransportLog
{
    [Description("out of descriptors: raise `ulimit -n` (some are reserved for the process itself, see event 5); out of memory: free "
        + "some. Open connections are still served; new ones wait in the kernel")]
    [LoggerMessage(2100, LogLevel.Warning,
        "Accepting paused: {Reason}; {Connections} connections are open on this loop; retrying every 100 ms")]
    public static partial void AcceptPaused(ILogger logger, string reason, int connections);

    [Description("a bug: report the exception. Other connections are not affected")]
    [LoggerMessage(2101, LogLevel.Error, "Connection {ConnectionId} aborted: its reader threw an exception")]
    public static partial void ReaderFailed(ILogger logger, Exception exception, string connectionId);

    [Description("the kernel refused to wait for sockets: restart the process")]
    [LoggerMessage(2102, LogLevel.Critical, "{Loop} failed; the process exits")]
    public static partial void LoopFailed(ILogger logger, Exception exception, string? loop);

    [LoggerMessage(2103, LogLevel.Information, "Accepting resumed after {Pauses} pauses")]
    public static partial void AcceptResumed(ILogger logger, int pauses);

    [Description("a bug: report the exception. Other connections are not affected")]
    [LoggerMessage(2104, LogLevel.Error, "Connection {ConnectionId} closed, and a callback for that threw an exception")]
    public static partial void ClosedCallbackFailed(ILogger logger, Exception exception, string connectionId);
}
