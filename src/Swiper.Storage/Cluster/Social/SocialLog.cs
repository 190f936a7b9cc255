using Microsoft.Extensions.Logging;

namespace Swiper.Storage.Cluster.Social;

// Event ids 3110-3119 are those of swipes in the cluster.
internal static partial class SocialLog
{
    [LoggerMessage(3110, LogLevel.Warning, "Taking up {Count} batches of swipes on shard {Shard} that a host was cut off from settling")]
    public static partial void Recovered(ILogger logger, int count, int shard);

    [LoggerMessage(3111, LogLevel.Debug,
        "{Count} swipes of a batch on shard {Shard} answer 1004 for now: {Asked} wait for who likes back, the others for what follows from them to be written")]
    public static partial void Unsettled(ILogger logger, int count, int shard, int asked);

    [LoggerMessage(3112, LogLevel.Error, "Batch {Batch} in the journal of shard {Shard} can't be read: it stays there, and what follows from its swipes is not done")]
    public static partial void Unreadable(ILogger logger, long batch, int shard, Exception exception);
}
