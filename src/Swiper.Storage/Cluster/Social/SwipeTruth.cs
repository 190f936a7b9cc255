using Swiper.Core.Social;

namespace Swiper.Storage.Cluster.Social;

/// <summary>What the shards say of one user's swipes: slower than the index, and always right.</summary>
internal sealed class SwipeTruth(ClusterEngine engine)
{
    /// <summary>Whom the user has swiped.</summary>
    public ValueTask<List<long>> ReadSwipedAsync(long uid) => engine.ShardOf(uid).ReadAsync(uid, static (connection, uid) =>
    {
        var sids = new List<long>();
        connection.Query("SELECT sid FROM swiped WHERE uid = @p0", [uid], row => sids.Add(row.GetInt64(0)));
        return sids;
    });

    /// <summary>Who likes the user and has not been swiped by the user, in no order.</summary>
    public async ValueTask<List<ReceivedLike>> ReadLikesAsync(long uid)
    {
        var swiped = (await ReadSwipedAsync(uid).ConfigureAwait(false)).ToHashSet();
        var likes = new List<ReceivedLike>();
        foreach (var shard in engine.Shards)
        {
            likes.AddRange(await shard.ReadAsync(uid, static (connection, uid) =>
            {
                var found = new List<ReceivedLike>();
                connection.Query(
                    "SELECT uid, kind, at FROM swiped WHERE sid = @p0 AND kind <> 3", [uid],
                    row => found.Add(new ReceivedLike(row.GetInt64(0), (SwipeKind)row.GetInt32(1), row.GetInt64(2))));
                return found;
            }).ConfigureAwait(false));
        }
        likes.RemoveAll(like => swiped.Contains(like.Uid));
        return likes;
    }
}
