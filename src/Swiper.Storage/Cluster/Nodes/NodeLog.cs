using Microsoft.Extensions.Logging;

namespace Swiper.Storage.Cluster.Nodes;

// Event ids 3100-3109 are those of node numbers.
internal static partial class NodeLog
{
    [LoggerMessage(3100, LogLevel.Information, "This host is node {Node} (claim {Epoch})")]
    public static partial void Claimed(ILogger logger, int node, long epoch);

    [LoggerMessage(3101, LogLevel.Warning, "Node number {Node} can't be renewed now; new users have to wait until it is")]
    public static partial void NotRenewed(ILogger logger, int node, Exception exception);

    [LoggerMessage(3102, LogLevel.Warning, "Node number {Node} was taken by another host; claiming another")]
    public static partial void Lost(ILogger logger, int node);
}
