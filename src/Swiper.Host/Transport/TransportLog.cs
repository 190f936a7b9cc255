namespace Swiper.Host.Transport;

// Event ids 2100-2199 are those of the transport.
internal static partial class TransportLog
{
    [LoggerMessage(2100, LogLevel.Warning, "accepting pauses: {Reason}; {Connections} connections are open on this loop; tried again each 100 ms")]
    public static partial void AcceptPaused(ILogger logger, string reason, int connections);

    [LoggerMessage(2101, LogLevel.Error, "what reads from {ConnectionId} failed; the connection is aborted")]
    public static partial void ReaderFailed(ILogger logger, Exception exception, string connectionId);

    [LoggerMessage(2102, LogLevel.Critical, "{Loop} has failed, and with it the process")]
    public static partial void LoopFailed(ILogger logger, Exception exception, string? loop);

    [LoggerMessage(2103, LogLevel.Information, "accepting goes on after {Pauses} pauses")]
    public static partial void AcceptResumed(ILogger logger, int pauses);

    [LoggerMessage(2104, LogLevel.Error, "what was to be told that {ConnectionId} has closed failed")]
    public static partial void ClosedCallbackFailed(ILogger logger, Exception exception, string connectionId);
}
