using Microsoft.Extensions.Logging;
using Swiper.Storage.Cluster.Dispatch;
using Swiper.Storage.Cluster.Nodes;
using Swiper.Storage.Redis;

namespace Swiper.Storage.Cluster.Social;

/// <summary>What the swipes of a host need on their way, which <see cref="SwipeBatch"/> draws.</summary>
/// <param name="Shards">The truth: the swipers' shards, and those of the swiped.</param>
/// <param name="Index">The index, which every committed batch is applied to.</param>
/// <param name="Lag">Whether the index lacks swipes that this host has answered.</param>
/// <param name="Pushes">Where the pushes of matches and superlikes are delivered.</param>
/// <param name="Node">This host's node number, which is part of its batch ids.</param>
/// <param name="Options">Deadlines.</param>
/// <param name="Clock">Measures ages, and schedules what is tried again.</param>
/// <param name="Logger">The log.</param>
/// <param name="Stopping">Cancelled when the host stops; unfinished batches are left to the next start.</param>
internal sealed record SwipePath(
    ClusterShards Shards, SwipeIndex Index, IndexLag Lag, LivePushes Pushes, NodeLease Node, ClusterOptions Options, TimeProvider Clock,
    ILogger Logger, CancellationToken Stopping);

/// <summary>
/// Counts the batches that this host has answered although the index could not be reached: while there are any, readers of this host fall
/// back to the truth.
/// </summary>
internal sealed class IndexLag
{
    private int _batches;

    /// <summary>The index lacks swipes that were answered.</summary>
    public bool IsBehind => Volatile.Read(ref _batches) > 0;

    /// <summary>A batch was answered before it was applied to the index.</summary>
    public void Begin() => Interlocked.Increment(ref _batches);

    /// <summary>It is applied now, or another host sees to it.</summary>
    public void End() => Interlocked.Decrement(ref _batches);
}
