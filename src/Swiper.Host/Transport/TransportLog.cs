namespace Swiper.Host.Transport;

// Event ids 2100-2199 are those of the transport.
internal static partial class TransportLog
{
    [LoggerMessage(2100, LogLevel.Warning, "accepting pauses: {Reason}; {Connections} connections are open on this loop")]
    public static partial void AcceptPaused(ILogger logger, string reason, int connections);

    [LoggerMessage(2101, LogLevel.Error, "what reads from {ConnectionId} failed; the connection is aborted")]
    public static partial void ReaderFailed(ILogger logger, Exception exception, string connectionId);

    [LoggerMessage(2102, LogLevel.Critical, "{Loop} has ended: its connections are lost")]
    public static partial void LoopEnded(ILogger logger, Exception exception, string? loop);
}
