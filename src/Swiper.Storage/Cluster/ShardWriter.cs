using Swiper.Storage.Cluster.Events;
using Swiper.Storage.Cluster.Social;
using Swiper.Storage.MySql;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Cluster;

/// <summary>
/// What a shard's lane writes with. Swipes and their consequences are collected and sent as multi-row statements before the commit;
/// everything else runs at once.
/// </summary>
internal sealed class ShardWriter(SwipePath path, ClusterShard shard) : MySqlLaneWriter(shard.Server)
{
    /// <summary>The swipes of the current batch.</summary>
    public SwipeRows Swipes { get; } = new(path, shard);

    /// <summary>Its friendships and pushes.</summary>
    public ConsequenceRows Consequences { get; } = new();

    /// <summary>Its events for the other hosts.</summary>
    public EventRows Events { get; } = new(path.Node, path.Clock);

    protected override void Flush()
    {
        Swipes.Flush(Connection);
        Consequences.Flush(Connection, Events);
        Events.Flush(Connection);
    }

    protected override void Forget()
    {
        Swipes.Clear();
        Consequences.Clear();
        Events.Clear();
    }
}

/// <summary>Tells the swipes of a lane's batch what becomes of its transaction.</summary>
internal sealed class ShardHooks(ClusterShard shard, SwipeRows swipes) : LaneHooks<ShardWriter>
{
    public override void BatchCommitted(ReadOnlySpan<LaneOperation<ShardWriter>> batch) => swipes.Committed();

    public override void BatchReleased() => swipes.Released();

    public override void BatchFailed(ReadOnlySpan<LaneOperation<ShardWriter>> batch, Exception exception)
    {
        swipes.RolledBack();
        shard.Refused(exception);
    }

    public override void Faulted(Exception exception) => shard.Faulted(exception);
}
