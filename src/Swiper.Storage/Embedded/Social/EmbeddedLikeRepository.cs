using System.Buffers;
using Swiper.Core.Dispatch;
using Swiper.Core.Social;
using Swiper.Storage.Embedded.Indexes;

namespace Swiper.Storage.Embedded.Social;

/// <summary>Likes of the embedded engine, from memory.</summary>
internal sealed class EmbeddedLikeRepository(EmbeddedEngine engine) : ILikeRepository
{
    // On the thread pool: a long list of mostly settled likes would hold up a connection's loop.
    public ValueTask<IReadOnlyList<ReceivedLike>> ReadAsync(long uid, PageCursor? after, int limit) =>
        new(Task.Run<IReadOnlyList<ReceivedLike>>(() => Read(uid, after, limit)));

    private ReceivedLike[] Read(long uid, PageCursor? after, int limit)
    {
        if (!engine.People.TryGetSlot(uid, out var me))
            return [];
        var shard = engine.ShardOf(uid);
        var likers = ArrayPool<Liker>.Shared.Rent(limit);
        try
        {
            int count;
            lock (shard.Gate)
                count = shard.Likers.CopyNewestTo(me, after, likers.AsSpan(0, limit), shard.Swiped.Of(me));
            var likes = new ReceivedLike[count];
            for (var i = 0; i < count; i++)
                likes[i] = new ReceivedLike(engine.People.UidOf(likers[i].Slot), likers[i].Kind, likers[i].At);
            return likes;
        }
        finally
        {
            ArrayPool<Liker>.Shared.Return(likers);
        }
    }
}
