using StackExchange.Redis;

namespace Swiper.Storage.Redis;

/// <summary>Configures StackExchange.Redis.</summary>
internal static class RedisDriver
{
    private const int KeepAliveSeconds = 10;

    /// <summary>
    /// A client that connects in the background, now or when the server comes up, and reconnects after each loss. Never throws for a
    /// server that is down.
    /// </summary>
    public static ConnectionMultiplexer Connect(RedisOptions options) => ConnectionMultiplexer.Connect(Configure(options));

    /// <inheritdoc cref="Connect"/>
    public static Task<ConnectionMultiplexer> ConnectAsync(RedisOptions options) => ConnectionMultiplexer.ConnectAsync(Configure(options));

    /// <summary>A channel with a literal name, not a pattern.</summary>
    public static RedisChannel Channel(string name) => RedisChannel.Literal(name);

    /// <summary>Whether the exception means that there was no answer, including those of a client that was closed meanwhile.</summary>
    public static bool IsNoAnswer(Exception exception) =>
        exception is RedisException or TimeoutException or ObjectDisposedException or OperationCanceledException;

    private static ConfigurationOptions Configure(RedisOptions options)
    {
        var deadline = (int)options.Deadline.TotalMilliseconds;
        var configuration = ConfigurationOptions.Parse(options.Configuration);
        configuration.AbortOnConnectFail = false;
        configuration.ConnectTimeout = deadline;
        configuration.ConnectRetry = 1;
        configuration.SyncTimeout = deadline;
        configuration.KeepAlive = KeepAliveSeconds;
        // The library considers listing a cluster's nodes an admin command.
        configuration.AllowAdmin = true;
        // Both only tell other clients of this library which master to prefer; there are no replicas to choose from.
        configuration.ConfigurationChannel = "";
        configuration.TieBreaker = "";
        configuration.ReconnectRetryPolicy = new LinearRetry(Math.Min(deadline, 500));
        configuration.AsyncTimeout = deadline;
        // The index has its own ordered queue: calls that wait for a connection could be reordered.
        configuration.BacklogPolicy = BacklogPolicy.FailFast;
        // Otherwise the client subscribes on several nodes of a cluster, and each message arrives two or three times.
        configuration.SharedSubscriptionConnection = true;
        return configuration;
    }
}
