using System.ComponentModel;
using Microsoft.Extensions.Logging;
using Swiper.Core.Diagnostics;

namespace Swiper.Storage.Cluster.Social;

[EventIds(3110, 3119, "Swipes in the cluster")]
internal static partial class SocialLog
{
    [Description("nothing: a host was killed or hung, and this one finishes its work")]
    [LoggerMessage(3110, LogLevel.Warning, "Taking up {Count} batches of swipes on shard {Shard} that a host was cut off from settling")]
    public static partial void Recovered(ILogger logger, int count, int shard);

    [LoggerMessage(3111, LogLevel.Debug,
        "{Count} swipes of a batch on shard {Shard} answer 1004 for now: {Asked} wait for who likes back, the others for what follows from them to be written")]
    public static partial void Unsettled(ILogger logger, int count, int shard, int asked);

    [Description("the store that it waits for is slow or away: look at its own lines")]
    [LoggerMessage(3113, LogLevel.Warning,
        "Batch {Batch} on shard {Shard} has been unsettled for {Seconds:0} s: it waits for {What}, as do {Others} more")]
    public static partial void LongUnsettled(ILogger logger, long batch, int shard, double seconds, string what, int others);

    [Description("the host of that node does not reach Redis: look at its log")]
    [LoggerMessage(3114, LogLevel.Warning,
        "Node {Node} does not get {Count} batches of shard {Shard} that it has answered into the index; this host does it instead")]
    public static partial void TakingAnswered(ILogger logger, int node, int count, int shard);

    [Description("a newer version of Swiper wrote it, or the row is damaged: let hosts of that version take it up, or report it")]
    [LoggerMessage(3112, LogLevel.Error,
        "Batch {Batch} in the journal of shard {Shard} can't be read: it stays there, and what follows from its swipes is not done")]
    public static partial void Unreadable(ILogger logger, long batch, int shard, Exception exception);
}
