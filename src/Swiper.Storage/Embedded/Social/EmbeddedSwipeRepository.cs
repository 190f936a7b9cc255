using Swiper.Core.Protocol;
using Swiper.Core.Social;

namespace Swiper.Storage.Embedded.Social;

/// <summary>Swipes of the embedded engine: each goes to the lane of the swiper's shard.</summary>
internal sealed class EmbeddedSwipeRepository(EmbeddedEngine engine) : ISwipeRepository
{
    private static readonly Failure NoSuchUser = new(StatusCode.NoSuchUser, "nobody has this uid");

    public ValueTask<Outcome<SwipeReply>> SwipeAsync(long uid, long sid, SwipeKind kind, long at)
    {
        if (!engine.People.TryGetSlot(uid, out var uidSlot) || !engine.People.TryGetSlot(sid, out var sidSlot))
            return ValueTask.FromResult<Outcome<SwipeReply>>(NoSuchUser);
        var operation = SwipeOperation.Rent(uid, uidSlot, sid, sidSlot, kind, at);
        var outcome = operation.AsValueTask();
        engine.ShardOf(uid).Lane.Enqueue(operation);
        return outcome;
    }
}
