using Swiper.Core.Social;

namespace Swiper.Storage.Cluster.Social;

/// <summary>Likes of the cluster.</summary>
internal sealed class ClusterLikeRepository(ClusterEngine engine) : ILikeRepository
{
    private readonly SwipeTruth _truth = new(engine);

    public async ValueTask<IReadOnlyList<ReceivedLike>> ReadAsync(long uid, LikeCursor? after, int limit)
    {
        var likes = await _truth.ReadLikesAsync(uid).ConfigureAwait(false);
        return
        [
            .. likes.OrderByDescending(like => (like.At, like.Uid))
                .Where(like => after is not { } cursor || (like.At, like.Uid).CompareTo((cursor.At, cursor.Uid)) < 0)
                .Take(limit),
        ];
    }
}
