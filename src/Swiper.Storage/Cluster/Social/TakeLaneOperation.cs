using Swiper.Core.Protocol;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Cluster.Social;

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
