using Microsoft.Extensions.Logging;

namespace Swiper.Client.Connections;

// Event ids 9000-9099 are the client's.
internal static partial class ClientLog
{
    [LoggerMessage(9000, LogLevel.Information, "Connected to {Endpoint}: {Server}, node {Node}")]
    public static partial void Connected(ILogger logger, SwiperEndpoint endpoint, string server, int node);

    [LoggerMessage(9001, LogLevel.Warning, "Lost the connection to {Endpoint}, reconnecting: {Reason}")]
    public static partial void Lost(ILogger logger, SwiperEndpoint endpoint, string reason);

    [LoggerMessage(9002, LogLevel.Warning, "Could not connect to {Endpoint}: {Reason}")]
    public static partial void NotConnected(ILogger logger, SwiperEndpoint endpoint, string reason);

    [LoggerMessage(9003, LogLevel.Error, "Lost the connection, and reconnecting is off: {Reason}")]
    public static partial void LostForGood(ILogger logger, string? reason);

    [LoggerMessage(9004, LogLevel.Warning, "The server signed out user {Uid}: {Reason}")]
    public static partial void SignedOut(ILogger logger, long? uid, string reason);
}
