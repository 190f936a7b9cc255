using Microsoft.Extensions.Logging;

namespace Swiper.Storage.Cluster.Social;

// Event ids 3110-3119 are those of swipes in the cluster.
internal static partial class SocialLog
{
    [LoggerMessage(3110, LogLevel.Warning, "Taking up {Count} batches of swipes on shard {Shard} that a host was cut off from settling")]
    public static partial void Recovered(ILogger logger, int count, int shard);
}
