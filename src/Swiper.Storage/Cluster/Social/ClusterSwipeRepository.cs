using Dapper;
using Swiper.Core.Accounts;
using Swiper.Core.Protocol;
using Swiper.Core.Social;
using Swiper.Storage.Friends;
using Swiper.Storage.Indexes;
using Swiper.Storage.Records;
using Swiper.Storage.Redis;
using Swiper.Storage.Social;

namespace Swiper.Storage.Cluster.Social;

/// <summary>Swipes of the cluster: each goes to the lane of the swiper's shard.</summary>
internal sealed class ClusterSwipeRepository(
    SwipePath path, PeopleDirectory directory, IAccountRepository accounts, BlockRepository blocks, IRecords records, KnownSwipes known)
    : ISwipeRepository
{
    private static readonly Failure NoSuchUser = new(StatusCode.NoSuchUser, "nobody has this uid");

    private readonly Rewinds _rewinds = new(records, blocks, new ClusterRewinds(path, records));

    public ValueTask<Outcome<SwipeReply>> SwipeAsync(long uid, long sid, SwipeKind kind, long at, int mostLikes = int.MaxValue)
    {
        var swipe = new IndexedSwipe(uid, sid, kind, at);
        var people = directory.People;
        if (!people.TryGetSlot(sid, out _) || !people.TryGetSlot(uid, out _))
            return FindAndSendAsync(swipe, mostLikes);
        return _rewinds.MustWait(uid) ? SwipeInTurnAsync(swipe, mostLikes) : SwipeOperation.SendAsync(path, swipe, mostLikes);
    }

    public async ValueTask<Outcome<RewindReply>> RewindAsync(long uid, long at)
    {
        try
        {
            return await _rewinds.RewindAsync(uid, at).ConfigureAwait(false);
        }
        finally
        {
            known.Forget(uid);
        }
    }

    public ValueTask<DayUse> ReadUseAsync(long uid, int day) => records.ReadAsync(uid, async connection =>
    {
        var (likes, rewinds) = await connection.QueryFirstOrDefaultAsync<(int, int)>(
            "SELECT likes, rewinds FROM swipers WHERE uid = @uid AND day = @day", new { uid, day }).ConfigureAwait(false);
        return new DayUse(likes, rewinds);
    });

    // Created on another host a moment ago, or unknown.
    private async ValueTask<Outcome<SwipeReply>> FindAndSendAsync(IndexedSwipe swipe, int mostLikes) =>
        await accounts.FindAsync(swipe.Sid) is null || await accounts.FindAsync(swipe.Uid) is null
            ? NoSuchUser
            : await SwipeInTurnAsync(swipe, mostLikes);

    // Apart, because of its closure.
    private ValueTask<Outcome<SwipeReply>> SwipeInTurnAsync(IndexedSwipe swipe, int mostLikes) =>
        _rewinds.SwipeInTurnAsync(swipe.Uid, () => SwipeOperation.SendAsync(path, swipe, mostLikes));
}
