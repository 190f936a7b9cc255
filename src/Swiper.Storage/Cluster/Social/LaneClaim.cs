using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Storage.Cluster.Nodes;
using Swiper.Storage.MySql;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Cluster.Social;

/// <summary>
/// This host's claim on its lane of a shard: the row of its node in `lanes`. Each batch of swipes advances the row's `last_batch` and so
/// locks the row until the batch ends. This fences the lane:
/// - a former holder of the node number can no longer write (its claim is older);
/// - batches of a lane are committed one after the other, even if a connection is lost in the middle of one;
/// - a host that takes over the lane finds everything committed before in the journal, and applies that to the index first.
/// </summary>
internal sealed class LaneClaim(ClusterShard shard, TimeProvider clock)
{
    private NodeClaim? _taken;
    private BatchIds _batches = null!;

    /// <summary>Claims the lane, within a transaction, unless this host has it already.</summary>
    /// <exception cref="StoreUnavailableException">Another host has it.</exception>
    public void Take(ShardConnection connection, NodeClaim claim)
    {
        if (_taken == claim)
            return;
        connection.Execute(
            "INSERT INTO lanes (node, epoch, last_batch) VALUES (@p0, @p1, 0) ON DUPLICATE KEY UPDATE epoch = GREATEST(epoch, @p2)",
            claim.Node, claim.Epoch, claim.Epoch);
        var (epoch, lastBatch) = Read(connection, claim.Node);
        if (epoch != claim.Epoch)
            throw TakenOver(claim);

        _batches = new BatchIds(claim.Node, clock);
        _batches.NotBefore(BatchIds.LastOf(claim.NotBeforeMs));
        _batches.NotBefore(lastBatch);
        shard.Journal.RecoverLane(connection, claim.Node);
        _taken = claim;
    }

    /// <summary>The lane must be claimed again: the claiming transaction was rolled back, or the connection was lost.</summary>
    public void Forget() => _taken = null;

    /// <summary>The id of the lane's next batch, greater than any before it.</summary>
    public long NextBatch() => _batches.Next();

    /// <summary>Records the current batch as the lane's last.</summary>
    /// <exception cref="StoreUnavailableException">Another host has taken over the lane.</exception>
    public void Advance(ShardConnection connection, long batch)
    {
        var claim = _taken!;
        if (connection.Execute("UPDATE lanes SET last_batch = @p0 WHERE node = @p1 AND epoch = @p2", batch, claim.Node, claim.Epoch) == 0)
            throw TakenOver(claim);
    }

    private static (long Epoch, long LastBatch) Read(ShardConnection connection, int node)
    {
        var lane = (Epoch: 0L, LastBatch: 0L);
        connection.Query("SELECT epoch, last_batch FROM lanes WHERE node = @p0", [node], row => lane = (row.GetInt64(0), row.GetInt64(1)));
        return lane;
    }

    private static StoreUnavailableException TakenOver(NodeClaim claim) => new($"Another host has taken over node number {claim.Node}.");
}

/// <summary>Claims the lane without writing anything, so that its unsettled batches are recovered from the journal.</summary>
internal sealed class TakeLaneOperation : PooledLaneOperation<TakeLaneOperation, ShardWriter, NoData>
{
    public static TakeLaneOperation Rent()
    {
        var operation = RentInstance();
        operation.Forget();
        return operation;
    }

    protected internal override void Execute(ShardWriter writer) => writer.Swipes.TakeLane(writer.Connection);

    protected override bool TryPublish(out NoData result)
    {
        result = default;
        return true;
    }
}
