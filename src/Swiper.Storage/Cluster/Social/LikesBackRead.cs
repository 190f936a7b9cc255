using Swiper.Core.Protocol;
using Swiper.Storage.MySql;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Cluster.Social;

/// <summary>Asks one shard which of its users like back those in a batch who liked them.</summary>
internal sealed class LikesBackRead : PooledLaneOperation<LikesBackRead, ShardReader, NoData>
{
    private SwipeBatch _batch = null!;
    private ClusterShard _shard = null!;
    private LikesBack _found = null!;

    public static ValueTask<NoData> SendAsync(SwipeBatch batch, ClusterShard shard)
    {
        var operation = RentInstance();
        (operation._batch, operation._shard) = (batch, shard);
        var outcome = operation.AsValueTask();
        shard.Readers.Enqueue(operation);
        return outcome;
    }

    protected internal override void Execute(ShardReader reader)
    {
        _found = reader.LikesBack;
        var swipes = _batch.Swipes;
        for (var i = 0; i < swipes.Count; i++)
        {
            if (_batch.Asks(i, _shard))
                _found.Ask(swipes[i].Sid, swipes[i].Uid);
        }
    }

    protected override bool TryPublish(out NoData result)
    {
        result = default;
        var swipes = _batch.Swipes;
        for (var i = 0; i < swipes.Count; i++)
        {
            if (_batch.Asks(i, _shard))
                swipes.SetLikedBack(i, _found.Likes(swipes[i].Sid, swipes[i].Uid));
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

/// <summary>Who likes whom, for all likes-back reads that one shard serves in a batch.</summary>
internal sealed class LikesBack
{
    private readonly KeyedSelect _select = new("SELECT uid, sid FROM swiped WHERE (uid, sid) IN", columns: 2, " AND kind < 3");
    private readonly HashSet<(long Uid, long Sid)> _likes = [];

    public void Ask(long uid, long sid) => _select.Add(uid, sid);

    public bool Likes(long uid, long sid) => _likes.Contains((uid, sid));

    /// <summary>Runs the query; the answers stay until the next batch.</summary>
    public ValueTask ExecuteAsync(ShardConnection connection)
    {
        _likes.Clear();
        return _select.ExecuteAsync(connection, _likes, static (row, likes) => likes.Add((row.GetInt64(0), row.GetInt64(1))));
    }

    public void Clear() => _select.Clear();
}
