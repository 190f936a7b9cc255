using System.ComponentModel;
using Microsoft.Extensions.Logging;
using Swiper.Core.Diagnostics;

namespace Swiper.Storage.Cluster.Social;

[EventIds(3110, 3119, "Swipes in the cluster")]
internal static partial class SocialLog
{
    [Description("nothing: a host was killed or hung, and this one finishes its work")]
    [LoggerMessage(3110, LogLevel.Warning, "Recovering {Count} unsettled batches of swipes from the journal of shard {Shard}")]
    public static partial void Recovered(ILogger logger, int count, int shard);

    [LoggerMessage(3111, LogLevel.Debug,
        "{Count} swipes of a batch on shard {Shard} return 1004 for now: "
        + "{Asked} wait for a likes-back query, the others for their consequences to be written")]
    public static partial void Unsettled(ILogger logger, int count, int shard, int asked);

    [Description("the store it waits for is slow or down: see the events of that store")]
    [LoggerMessage(3113, LogLevel.Warning,
        "Batch {Batch} on shard {Shard} has been unsettled for {Seconds:0} s, waiting for {What}, as are {Others} more")]
    public static partial void LongUnsettled(ILogger logger, long batch, int shard, double seconds, string what, int others);

    [Description("the host of that node can't reach Redis: see its log")]
    [LoggerMessage(3114, LogLevel.Warning,
        "Node {Node} has not applied {Count} answered batches of shard {Shard} to the index; this host applies them instead")]
    public static partial void TakingAnswered(ILogger logger, int node, int count, int shard);

    [Description("the row was written by a newer Swiper, or is damaged: let a host of that version recover it, or report it")]
    [LoggerMessage(3112, LogLevel.Error,
        "Batch {Batch} in the journal of shard {Shard} can't be read: it is kept, and the consequences of its swipes are not written")]
    public static partial void Unreadable(ILogger logger, long batch, int shard, Exception exception);
}
