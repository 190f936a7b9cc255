using StackExchange.Redis;

namespace Swiper.Storage.Redis;

/// <summary>How Swiper sets up StackExchange.Redis.</summary>
internal static class RedisDriver
{
    private const int KeepAliveSeconds = 10;

    /// <summary>
    /// A client that connects by itself, now or whenever the server comes up, and again after each loss. Never throws for a server that
    /// is down.
    /// </summary>
    public static ConnectionMultiplexer Connect(RedisOptions options) => ConnectionMultiplexer.Connect(Configure(options));

    /// <inheritdoc cref="Connect"/>
    public static Task<ConnectionMultiplexer> ConnectAsync(RedisOptions options) => ConnectionMultiplexer.ConnectAsync(Configure(options));

    /// <summary>A channel by its name alone, in which nothing is a pattern.</summary>
    public static RedisChannel Channel(string name) => RedisChannel.Literal(name);

    /// <summary>Whether it says that there is no answer; a client that is closed meanwhile has its own ways to say so.</summary>
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
        // The library counts asking a cluster for its nodes as administration.
        configuration.AllowAdmin = true;
        // Both would only tell other clients of this library which master to prefer; we have no replicas to choose from.
        configuration.ConfigurationChannel = "";
        configuration.TieBreaker = "";
        configuration.ReconnectRetryPolicy = new LinearRetry(Math.Min(deadline, 500));
        configuration.AsyncTimeout = deadline;
        // The index keeps its own queue, in its own order: a call that waits for a connection would overtake or be overtaken.
        configuration.BacklogPolicy = BacklogPolicy.FailFast;
        // Otherwise the client subscribes on several nodes of a cluster, and each message comes two or three times.
        configuration.SharedSubscriptionConnection = true;
        return configuration;
    }
}
