using Swiper.Core.Protocol;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Cluster.Social;

/// <summary>Asks one shard which of its users like back those in a batch who liked them.</summary>
internal sealed class LikesBackRead : PooledLaneOperation<LikesBackRead, ShardReader, NoData>
{
    private SwipeBatch _batch = null!;
    private ClusterShard _shard = null!;
    private LikesBack _found = null!;

    public static LikesBackRead Rent(SwipeBatch batch, ClusterShard shard)
    {
        var operation = RentInstance();
        (operation._batch, operation._shard) = (batch, shard);
        return operation;
    }

    protected internal override void Execute(ShardReader reader)
    {
        _found = reader.LikesBack;
        for (var i = 0; i < _batch.Swipes.Length; i++)
        {
            if (_batch.Asks(i, _shard))
                _found.Ask(_batch.Swipes[i].Sid, _batch.Swipes[i].Uid);
        }
    }

    protected override bool TryPublish(out NoData result)
    {
        result = default;
        for (var i = 0; i < _batch.Swipes.Length; i++)
        {
            if (_batch.Asks(i, _shard))
                _batch.Hear(i, _found.Likes(_batch.Swipes[i].Sid, _batch.Swipes[i].Uid));
        }
        return true;
    }

    protected override void Clear()
    {
        _batch = null!;
        _shard = null!;
        _found = null!;
    }
}
