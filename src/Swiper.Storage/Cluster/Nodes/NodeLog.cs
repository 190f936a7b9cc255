using System.ComponentModel;
using Microsoft.Extensions.Logging;
using Swiper.Core.Diagnostics;

namespace Swiper.Storage.Cluster.Nodes;

[EventIds(3100, 3109, "Node numbers")]
internal static partial class NodeLog
{
    [LoggerMessage(3100, LogLevel.Information, "This host is node {Node} (claim {Epoch})")]
    public static partial void Claimed(ILogger logger, int node, long epoch);

    [Description("the first shard keeps the node numbers: bring it back")]
    [LoggerMessage(3101, LogLevel.Warning, "Node number {Node} can't be renewed now; new users have to wait until it is")]
    public static partial void NotRenewed(ILogger logger, int node, Exception exception);

    [Description("this host was silent for longer than `Cluster:NodeLease`: suspended, or cut off from the first shard. Nothing was lost")]
    [LoggerMessage(3102, LogLevel.Warning, "Node number {Node} was taken by another host; claiming another")]
    public static partial void Lost(ILogger logger, int node);
}
