using Swiper.Core.Dispatch;
using Swiper.Core.Social;
using Swiper.Storage.Redis;
using Swiper.Storage.Redis.Reading;

namespace Swiper.Storage.Cluster.Social;

/// <summary>Likes of the cluster, from the index, or from the truth while the index is untrusted.</summary>
internal sealed class ClusterLikeRepository(UserReader index, IndexLag lag, SwipeTruth truth) : ILikeRepository
{
    public async ValueTask<IReadOnlyList<ReceivedLike>> ReadAsync(long uid, PageCursor? after, int limit)
    {
        if (!lag.IsBehind)
        {
            var place = after is { } cursor ? new IndexedLiker(cursor.Uid, default, cursor.At) : (IndexedLiker?)null;
            var indexed = await index.LikedMeAsync(uid, limit, place).ConfigureAwait(false);
            if (indexed.IsKnown)
                return Array.ConvertAll(indexed.Value, static liker => new ReceivedLike(liker.Uid, liker.Kind, liker.At));
        }
        return await truth.ReadLikesAsync(uid, after, limit).ConfigureAwait(false);
    }
}
