using Swiper.Storage.Cluster.Accounts;
using Swiper.Storage.Cluster.Events;
using Swiper.Storage.Cluster.Social;
using Swiper.Storage.MySql;

namespace Swiper.Storage.Cluster;

/// <summary>
/// What a shard's lane writes with. Swipes, follow-ups and profile changes are collected and sent as multi-row statements before the
/// commit; everything else runs at once.
/// </summary>
internal sealed class ShardWriter(ClusterShard shard) : MySqlLaneWriter(shard.Server)
{
    private readonly LaneClaim _lane = new(shard);
    private long _batch;

    public ClusterShard Shard { get; } = shard;

    /// <summary>The swipes of the current batch.</summary>
    public SwipeRows Swipes { get; } = new();

    /// <summary>Its friendships and pushes.</summary>
    public FollowUpRows FollowUps { get; } = new();

    /// <summary>Its changes of profiles.</summary>
    public ProfileUpdates Profiles { get; } = new();

    /// <summary>Its events for the other hosts.</summary>
    public EventRows Events { get; } = new(shard.Engine);

    /// <summary>The new swipes of the batch just committed, if any.</summary>
    public SwipeBatch? TakeCommitted()
    {
        var committed = Swipes.Committed;
        Swipes.Committed = null;
        // A batch of nothing but repeats leaves nothing to settle.
        if (committed is null && _batch != 0)
            Shard.OpenBatches.Remove(_batch);
        _batch = 0;
        return committed;
    }

    /// <summary>
    /// The batch was rolled back. If it turns out to have been committed after all, claiming the lane again finds it in the journal.
    /// </summary>
    public void GiveUp()
    {
        Swipes.Committed = null;
        if (_batch != 0)
            Shard.OpenBatches.Remove(_batch);
        _batch = 0;
        _lane.Forget();
    }

    protected override void Flush()
    {
        if (Swipes.Count > 0)
            WriteSwipes();
        FollowUps.Flush(Connection, Events);
        Profiles.Flush(Connection, Events);
        Events.Flush(Connection);
    }

    protected override void Forget()
    {
        Swipes.Clear();
        FollowUps.Clear();
        Profiles.Clear();
        Events.Clear();
    }

    /// <summary>Claims the lane again and recovers its unsettled batches.</summary>
    public void TakeLane()
    {
        _lane.Forget();
        _lane.Take(Connection, Shard.Engine.Node.Claim);
    }

    private void WriteSwipes()
    {
        var claim = Shard.Engine.Node.Claim;
        _lane.Take(Connection, claim);
        _batch = _lane.NextBatch();
        Shard.OpenBatches.TryAdd(_batch);
        _lane.Advance(Connection, _batch);
        Swipes.Flush(Connection, Shard, claim.Node, _batch);
    }
}
