using System.ComponentModel;
using Swiper.Core.Diagnostics;

namespace Swiper.Host.Transport;

[EventIds(2100, 2199, "The epoll transport")]
internal static partial class TransportLog
{
    [Description("raise `ulimit -n` if it is descriptors (64 are kept for the process itself), else free memory. "
        + "Open connections are served meanwhile, new ones wait in the kernel")]
    [LoggerMessage(2100, LogLevel.Warning,
        "Accepting pauses: {Reason}; {Connections} connections are open on this loop. It is tried again every 100 ms")]
    public static partial void AcceptPaused(ILogger logger, string reason, int connections);

    [Description("a bug: report the exception. No other connection is affected")]
    [LoggerMessage(2101, LogLevel.Error, "The reader of connection {ConnectionId} threw an exception; the connection is aborted")]
    public static partial void ReaderFailed(ILogger logger, Exception exception, string connectionId);

    [Description("the system refused to wait for sockets, and the process ends: start it again")]
    [LoggerMessage(2102, LogLevel.Critical, "{Loop} failed; the process ends")]
    public static partial void LoopFailed(ILogger logger, Exception exception, string? loop);

    [LoggerMessage(2103, LogLevel.Information, "Accepting goes on after {Pauses} pauses")]
    public static partial void AcceptResumed(ILogger logger, int pauses);

    [Description("a bug: report the exception. No other connection is affected")]
    [LoggerMessage(2104, LogLevel.Error, "A callback for the end of connection {ConnectionId} threw an exception")]
    public static partial void ClosedCallbackFailed(ILogger logger, Exception exception, string connectionId);
}
