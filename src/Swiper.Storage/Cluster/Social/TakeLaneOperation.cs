using Swiper.Core.Protocol;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Cluster.Social;

/// <summary>Has the lane taken without anything to write, so that what is left of it in the journal is taken up.</summary>
internal sealed class TakeLaneOperation : PooledLaneOperation<TakeLaneOperation, ShardWriter, NoData>
{
    public static TakeLaneOperation Rent()
    {
        var operation = RentInstance();
        operation.Forget();
        return operation;
    }

    protected internal override void Execute(ShardWriter writer) => writer.TakeLane();

    protected override bool TryPublish(out NoData result)
    {
        result = default;
        return true;
    }
}
