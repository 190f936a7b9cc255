using System.ComponentModel;
using Microsoft.Extensions.Logging;
using Swiper.Core.Diagnostics;

namespace Swiper.Storage.Redis;

[EventIds(3060, 3079, "Redis")]
internal static partial class RedisLog
{
    [Description("bring it back, empty or not. Swiping and matching go on; boards answer 1004")]
    [LoggerMessage(3060, LogLevel.Warning, "Redis {Node} does not answer: the truth stands in for its index until it does")]
    public static partial void NodeFailing(ILogger logger, string node, Exception exception);

    [LoggerMessage(3061, LogLevel.Information, "Redis {Node} answers; {Waiting} swipes wait for the index")]
    public static partial void NodeRecovered(ILogger logger, string node, long waiting);

    [Description("nothing: a host rebuilds them, see 3120. The log of Redis may say why, such as no memory")]
    [LoggerMessage(3062, LogLevel.Error,
        "A batch could not be applied to the groups {Groups} (a bit each): they are untrusted until they are rebuilt")]
    public static partial void GroupsFailed(ILogger logger, ulong groups);

    [LoggerMessage(3063, LogLevel.Information,
        "{Count} of 64 groups of the index were not built on the Redis process that has them now; the truth stands in for them until they are rebuilt")]
    public static partial void GroupsUntrusted(ILogger logger, int count);

    [LoggerMessage(3064, LogLevel.Information, "The groups live on {Nodes} Redis servers")]
    public static partial void NodesChanged(ILogger logger, int nodes);

    [Description("a bug: report the exception")]
    [LoggerMessage(3065, LogLevel.Error, "An exception where none belongs")]
    public static partial void Faulted(ILogger logger, Exception exception);

    [Description("as 3060; the reason is that of the last call")]
    [LoggerMessage(3066, LogLevel.Warning,
        "Redis {Node} has not answered for {Seconds:0} s; {Waiting} swipes wait for the index: {Reason}")]
    public static partial void NodeStillFailing(ILogger logger, string node, double seconds, long waiting, string reason);

    [Description("nothing where 3061 follows; else look for what swallows packets between this host and Redis")]
    [LoggerMessage(3067, LogLevel.Warning,
        "No answer from Redis to {What} for {Seconds:0} s: replacing the client, whatever state it says it is in")]
    public static partial void ReplacingClient(ILogger logger, string what, double seconds);

    [Description("nothing: it is tried again. The exception says what is in the way")]
    [LoggerMessage(3068, LogLevel.Warning, "The client of Redis could not be replaced; the old one stays until the next try")]
    public static partial void NotReplaced(ILogger logger, Exception exception);
}
