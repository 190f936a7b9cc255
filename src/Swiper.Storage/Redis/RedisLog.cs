using System.ComponentModel;
using Microsoft.Extensions.Logging;
using Swiper.Core.Diagnostics;

namespace Swiper.Storage.Redis;

[EventIds(3060, 3079, "Redis")]
internal static partial class RedisLog
{
    [Description("bring it back, empty or not. Swipes and matches continue; boards return 1004")]
    [LoggerMessage(3060, LogLevel.Warning, "Redis {Node} does not answer: reads fall back to the MySQL shards until it does")]
    public static partial void NodeFailing(ILogger logger, string node, Exception exception);

    [LoggerMessage(3061, LogLevel.Information, "Redis {Node} answers; {Waiting} swipes are queued for the index")]
    public static partial void NodeRecovered(ILogger logger, string node, long waiting);

    [Description("nothing: a host rebuilds them (3120). The log of Redis may show the cause, such as running out of memory")]
    [LoggerMessage(3062, LogLevel.Error,
        "A batch could not be applied to index groups {Groups} (a bit mask): they are untrusted until rebuilt")]
    public static partial void GroupsFailed(ILogger logger, ulong groups);

    [LoggerMessage(3063, LogLevel.Information,
        "{Count} of 64 index groups were not built on the Redis process that holds them now: "
        + "reads of them fall back to the MySQL shards until they are rebuilt")]
    public static partial void GroupsUntrusted(ILogger logger, int count);

    [LoggerMessage(3064, LogLevel.Information, "The index groups are spread over {Nodes} Redis servers")]
    public static partial void NodesChanged(ILogger logger, int nodes);

    [Description("a bug: report the exception")]
    [LoggerMessage(3065, LogLevel.Error, "Unhandled exception in the Redis client code")]
    public static partial void Faulted(ILogger logger, Exception exception);

    [Description("bring it back, as for 3060. The reason is the error of the last call")]
    [LoggerMessage(3066, LogLevel.Warning,
        "Redis {Node} has not answered for {Seconds:0} s; {Waiting} swipes are queued for the index: {Reason}")]
    public static partial void NodeStillFailing(ILogger logger, string node, double seconds, long waiting, string reason);

    [Description("nothing if 3061 follows; otherwise find what drops packets between this host and Redis")]
    [LoggerMessage(3067, LogLevel.Warning,
        "Redis ({What}) has not answered for {Seconds:0} s: replacing the client, whatever state it reports")]
    public static partial void ReplacingClient(ILogger logger, string what, double seconds);

    [Description("nothing: it is retried. The exception shows the cause")]
    [LoggerMessage(3068, LogLevel.Warning, "The Redis client could not be replaced; the old one stays in use until the next attempt")]
    public static partial void NotReplaced(ILogger logger, Exception exception);
}
