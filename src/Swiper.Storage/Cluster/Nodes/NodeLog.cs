using System.ComponentModel;
using Microsoft.Extensions.Logging;
using Swiper.Core.Diagnostics;

namespace Swiper.Storage.Cluster.Nodes;

[EventIds(3100, 3109, "Node numbers")]
internal static partial class NodeLog
{
    [LoggerMessage(3100, LogLevel.Information, "Claimed node number {Node} (epoch {Epoch})")]
    public static partial void Claimed(ILogger logger, int node, long epoch);

    [Description("node numbers are kept on the first shard: bring it back, before a host must claim one at its start")]
    [LoggerMessage(3101, LogLevel.Warning, "The lease on node number {Node} can't be renewed; it stays until another host takes it over")]
    public static partial void NotRenewed(ILogger logger, int node, Exception exception);

    [Description("nothing was lost: this host was suspended, or cut off from the first shard, for longer than `Cluster:NodeLease`")]
    [LoggerMessage(3102, LogLevel.Warning, "Node number {Node} was taken over by another host; claiming a new one")]
    public static partial void Lost(ILogger logger, int node);
}
