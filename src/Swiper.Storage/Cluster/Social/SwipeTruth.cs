using Dapper;
using Swiper.Core.Social;

namespace Swiper.Storage.Cluster.Social;

/// <summary>One user's swipes read from the shards: slower than the index, and always right.</summary>
internal sealed class SwipeTruth(ClusterShards shards)
{
    /// <summary>Those whom the user has swiped.</summary>
    public async ValueTask<List<long>> ReadSwipedAsync(long uid) => [.. await shards.Of(uid).ReadAsync(
        uid, static (connection, uid) =>
            connection.QueryAsync<long>("SELECT sid FROM swiped WHERE uid = @uid AND kind <= 3", new { uid })).ConfigureAwait(false)];

    /// <summary>Those who like the user and whom the user has not swiped, in no order.</summary>
    public async ValueTask<List<ReceivedLike>> ReadLikesAsync(long uid)
    {
        var swiped = (await ReadSwipedAsync(uid).ConfigureAwait(false)).ToHashSet();
        var likes = new List<ReceivedLike>();
        foreach (var shard in shards)
        {
            var found = await shard.ReadAsync(uid, static (connection, uid) => connection.QueryAsync<(long Uid, int Kind, long At)>(
                "SELECT uid, kind, at FROM swiped WHERE sid = @uid AND kind < 3", new { uid })).ConfigureAwait(false);
            likes.AddRange(found.Where(like => !swiped.Contains(like.Uid))
                .Select(like => new ReceivedLike(like.Uid, (SwipeKind)like.Kind, like.At)));
        }

        return likes;
    }
}
