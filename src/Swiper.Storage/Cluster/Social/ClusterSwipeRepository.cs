using Swiper.Core.Protocol;
using Swiper.Core.Social;
using Swiper.Storage.Redis;

namespace Swiper.Storage.Cluster.Social;

/// <summary>Swipes of the cluster: each goes to the lane of the swiper's shard.</summary>
internal sealed class ClusterSwipeRepository(ClusterEngine engine) : ISwipeRepository
{
    private static readonly Failure NoSuchUser = new(StatusCode.NoSuchUser, "nobody has this uid");

    public ValueTask<Outcome<SwipeReply>> SwipeAsync(long uid, long sid, SwipeKind kind, long at)
    {
        var swipe = new IndexedSwipe(uid, sid, kind, at);
        var people = engine.People.People;
        return people.TryGetSlot(sid, out _) && people.TryGetSlot(uid, out _) ? Enqueue(swipe) : FindAndEnqueueAsync(swipe);
    }

    private ValueTask<Outcome<SwipeReply>> Enqueue(in IndexedSwipe swipe)
    {
        var shard = engine.ShardOf(swipe.Uid);
        var operation = SwipeOperation.Rent(shard, swipe);
        var outcome = operation.AsValueTask();
        shard.Lane.Enqueue(operation);
        return outcome;
    }

    // Created on another host a moment ago, or unknown.
    private async ValueTask<Outcome<SwipeReply>> FindAndEnqueueAsync(IndexedSwipe swipe) =>
        await engine.Accounts.FindAsync(swipe.Sid) is null || await engine.Accounts.FindAsync(swipe.Uid) is null
            ? NoSuchUser
            : await Enqueue(swipe);
}
