using Swiper.Core.Accounts;
using Swiper.Core.Protocol;
using Swiper.Core.Social;
using Swiper.Storage.Indexes;
using Swiper.Storage.Redis;

namespace Swiper.Storage.Cluster.Social;

/// <summary>Swipes of the cluster: each goes to the lane of the swiper's shard.</summary>
internal sealed class ClusterSwipeRepository(SwipePath path, PeopleDirectory directory, IAccountRepository accounts) : ISwipeRepository
{
    private static readonly Failure NoSuchUser = new(StatusCode.NoSuchUser, "nobody has this uid");

    public ValueTask<Outcome<SwipeReply>> SwipeAsync(long uid, long sid, SwipeKind kind, long at)
    {
        var swipe = new IndexedSwipe(uid, sid, kind, at);
        var people = directory.People;
        return people.TryGetSlot(sid, out _) && people.TryGetSlot(uid, out _)
            ? SwipeOperation.SendAsync(path, swipe)
            : FindAndSendAsync(swipe);
    }

    // Created on another host a moment ago, or unknown.
    private async ValueTask<Outcome<SwipeReply>> FindAndSendAsync(IndexedSwipe swipe) =>
        await accounts.FindAsync(swipe.Sid) is null || await accounts.FindAsync(swipe.Uid) is null
            ? NoSuchUser
            : await SwipeOperation.SendAsync(path, swipe);
}
