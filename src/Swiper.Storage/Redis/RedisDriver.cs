using StackExchange.Redis;

namespace Swiper.Storage.Redis;

/// <summary>The one place that knows which StackExchange.Redis this is: 1.2.6 of the portable package set or 2.x of the full one.</summary>
internal static class RedisDriver
{
    private const int KeepAliveSeconds = 10;

    /// <summary>A client that connects by itself, now or whenever the server comes up, and again after each loss. Never throws for a server that is down.</summary>
    public static ConnectionMultiplexer Connect(RedisOptions options)
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
#if SWIPER_FULL
        configuration.AsyncTimeout = deadline;
        // The index keeps its own queue, in its own order: a call that waits for a connection would overtake or be overtaken.
        configuration.BacklogPolicy = BacklogPolicy.FailFast;
        return ConnectionMultiplexer.Connect(configuration);
#else
        // A connection without a single answer for so long is given up: the only time limit that 1.2 has for asynchronous calls.
        configuration.ResponseTimeout = 4 * deadline;
        var client = ConnectionMultiplexer.Connect(configuration);
        // Else every completion queues behind the one before it.
        client.PreserveAsyncOrder = false;
        return client;
#endif
    }

    /// <summary>A channel by its name alone, in which nothing is a pattern.</summary>
    public static RedisChannel Channel(string name) =>
#if SWIPER_FULL
        RedisChannel.Literal(name);
#else
        new(name, RedisChannel.PatternMode.Literal);
#endif
}
