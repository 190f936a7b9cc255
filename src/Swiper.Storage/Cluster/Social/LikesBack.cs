using Swiper.Storage.MySql;

namespace Swiper.Storage.Cluster.Social;

/// <summary>Who likes whom, for all likes-back reads that one shard serves in a batch.</summary>
internal sealed class LikesBack
{
    private readonly KeyedSelect _select = new("SELECT uid, sid FROM swiped WHERE (uid, sid) IN", columns: 2, " AND kind <> 3");
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
