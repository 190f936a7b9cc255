using Swiper.Storage.Sharding;

namespace Swiper.Storage.Cluster.Social;

/// <summary>Hands each committed batch of swipes to its <see cref="SwipeBatch"/>, in commit order.</summary>
internal sealed class SwipeBatches(ClusterShard shard, ShardWriter writer) : LaneHooks<ShardWriter>
{
    public override void BatchCommitted(ReadOnlySpan<LaneOperation<ShardWriter>> batch)
    {
        if (writer.TakeCommitted() is not { } swipes)
            return;
        shard.OpenBatches.Add(swipes);
        swipes.TakeOperations();
        shard.Engine.Index.Enqueue(swipes.ForIndex);
    }

    public override void BatchFailed(ReadOnlySpan<LaneOperation<ShardWriter>> batch, Exception exception)
    {
        writer.GiveUp();
        shard.Refused(exception);
    }

    public override void Faulted(Exception exception) => shard.Engine.Faulted(shard.Number, exception);
}
