using Swiper.Core.Diagnostics;
using Swiper.Core.Protocol;
using Swiper.Core.Social;
using Swiper.Storage.Friends;
using Swiper.Storage.Social;

namespace Swiper.Storage.Embedded.Social;

/// <summary>Swipes of the embedded engine: each goes to the lane of the swiper's shard.</summary>
internal sealed class EmbeddedSwipeRepository(EmbeddedEngine engine, BlockRepository blocks) : ISwipeRepository
{
    private static readonly Failure NoSuchUser = new(StatusCode.NoSuchUser, "nobody has this uid");

    private readonly Rewinds _rewinds = new(engine.Records, blocks, new EmbeddedRewinds(engine));

    public ValueTask<Outcome<SwipeReply>> SwipeAsync(long uid, long sid, SwipeKind kind, long at, int mostLikes = int.MaxValue)
    {
        if (!engine.People.TryGetSlot(uid, out var uidSlot) || !engine.People.TryGetSlot(sid, out var sidSlot))
            return ValueTask.FromResult<Outcome<SwipeReply>>(NoSuchUser);
        return _rewinds.MustWait(uid)
            ? SwipeInTurnAsync(uid, uidSlot, sid, sidSlot, kind, at, mostLikes)
            : SendAsync(uid, uidSlot, sid, sidSlot, kind, at, mostLikes);
    }

    public ValueTask<Outcome<RewindReply>> RewindAsync(long uid, long at) => _rewinds.RewindAsync(uid, at);

    // In the lane, among the user's swipes and rewinds: rewinds are counted in the file, and likes in memory, where a rewind shows
    // after its commit only.
    public async ValueTask<DayUse> ReadUseAsync(long uid, int day)
    {
        var likes = 0;
        var rewinds = await engine.Records.RunAsync(uid, session =>
        {
            session.OnCommitted(() => likes = LikesOn(uid, day));
            return session.FindAsync<int>("SELECT used FROM rewinds WHERE uid = @uid AND day = @day", new { uid, day });
        }).ConfigureAwait(false);
        return new DayUse(likes, rewinds);
    }

    private int LikesOn(long uid, int day) =>
        engine.People.TryGetSlot(uid, out var slot) ? engine.ShardOf(uid).Swipers.LikesOn(slot, day * WireTime.DayMs) : 0;

    private ValueTask<Outcome<SwipeReply>> SendAsync(
        long uid, int uidSlot, long sid, int sidSlot, SwipeKind kind, long at, int mostLikes)
    {
        var operation = SwipeOperation.Rent(uid, uidSlot, sid, sidSlot, kind, at, mostLikes);
        var outcome = operation.AsValueTask();
        engine.ShardOf(uid).Lane.Enqueue(operation, Spans.Current);
        return outcome;
    }

    // Apart, because of its closure.
    private ValueTask<Outcome<SwipeReply>> SwipeInTurnAsync(
        long uid, int uidSlot, long sid, int sidSlot, SwipeKind kind, long at, int mostLikes) =>
        _rewinds.SwipeInTurnAsync(uid, () => SendAsync(uid, uidSlot, sid, sidSlot, kind, at, mostLikes));
}
