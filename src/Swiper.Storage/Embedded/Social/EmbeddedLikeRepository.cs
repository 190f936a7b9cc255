using Swiper.Core.Social;
using Swiper.Storage.Embedded.Indexes;

namespace Swiper.Storage.Embedded.Social;

/// <summary>Likes of the embedded engine, from memory.</summary>
internal sealed class EmbeddedLikeRepository(EmbeddedEngine engine) : ILikeRepository
{
    // On the thread pool: a list of many likes, most of them settled, is too long a way for a connection's loop.
    public ValueTask<IReadOnlyList<ReceivedLike>> ReadAsync(long uid, LikeCursor? after, int limit) =>
        new(Task.Run<IReadOnlyList<ReceivedLike>>(() => Read(uid, after, limit)));

    private ReceivedLike[] Read(long uid, LikeCursor? after, int limit)
    {
        if (!engine.People.TryGetSlot(uid, out var me))
            return [];
        var shard = engine.ShardOf(uid);
        Span<Liker> likers = new Liker[limit];
        lock (shard.Gate)
            likers = likers[..shard.Likers.CopyNewestTo(me, after, likers, shard.Swiped.Of(me))];
        var likes = new ReceivedLike[likers.Length];
        for (var i = 0; i < likes.Length; i++)
            likes[i] = new ReceivedLike(engine.People.UidOf(likers[i].Slot), likers[i].Kind, likers[i].At);
        return likes;
    }
}
