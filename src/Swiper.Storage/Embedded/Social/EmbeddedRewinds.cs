using Dapper;
using Swiper.Core.Protocol;
using Swiper.Core.Ranking;
using Swiper.Core.Social;
using Swiper.Storage.Embedded.Indexes;
using Swiper.Storage.Records;
using Swiper.Storage.Social;

namespace Swiper.Storage.Embedded.Social;

/// <summary>
/// Rewinds of the embedded engine: the swipe is taken back in the lane of the swiper's shard, and from the indexes right after the commit.
/// </summary>
internal sealed class EmbeddedRewinds(EmbeddedEngine engine) : IRewindEngine
{
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMilliseconds(20);

    public ValueTask<Outcome<TakenBack>> TakeBackAsync(long uid, long at) =>
        engine.Records.RunAsync(uid, session => TakeBackAsync(session, uid, at));

    public Task WhenWrittenAsync(TakenBackSwipe swipe) => swipe.Kind == SwipeKind.Dislike ? Task.CompletedTask : WhenMatchedAsync(swipe);

    public async Task WhenIndexedAsync(TakenBackSwipe swipe)
    {
        var (kind, at) = await engine.Records.ReadAsync(swipe.Sid, connection => connection.QueryFirstOrDefaultAsync<(int Kind, long At)>(
            "SELECT kind, at FROM swiped WHERE uid = @Sid AND sid = @Uid", new { swipe.Uid, swipe.Sid })).ConfigureAwait(false);
        if ((SwipeKind)kind is not (SwipeKind.Like or SwipeKind.Superlike))
            return;
        var (shard, me, liker) = (engine.ShardOf(swipe.Uid), SlotOf(swipe.Uid), SlotOf(swipe.Sid));
        lock (shard.Gate)
        {
            // It is still there unless somebody read the list meanwhile.
            shard.Likers.Remove(me, liker, SwipeKind.Superlike);
            shard.Likers.Add(me, new Liker(liker, (SwipeKind)kind, at), shard.Swiped.Of(me));
        }

        // Taken back as well since it was read: whoever does that removes the like from its set before it removes the liker.
        if (engine.Likes(swipe.Sid, swipe.Uid))
            return;
        lock (shard.Gate)
            shard.Likers.Remove(me, liker, SwipeKind.Superlike);
    }

    // Indexes in memory wait for nothing.
    public ValueTask<bool> IsIndexedAsync(RecordSession session, TakenBackSwipe swipe) => ValueTask.FromResult(true);

    // On the lane's thread, too.
    public async Task PassAsync(RecordSession session, long uid, long at)
    {
        engine.ShardOf(uid).Swipers.Pass(SlotOf(uid), at);
        await session.ExecuteAsync(
            SqlDialect.Sqlite.InsertIfAbsent("rewinds", "uid", "day", "used", "last_at"),
            new { Uid = uid, Day = 0, Used = 0, LastAt = at }).ConfigureAwait(false);
        await session.ExecuteAsync("UPDATE rewinds SET last_at = MAX(last_at, @at) WHERE uid = @uid", new { uid, at })
            .ConfigureAwait(false);
    }

    public void Forget(TakenBackSwipe swipe) =>
        engine.ShardOf(swipe.Uid).Writer.TakenBack.Remove((SlotOf(swipe.Uid), SlotOf(swipe.Sid)));

    // On the lane's thread.
    private async Task<Outcome<TakenBack>> TakeBackAsync(RecordSession session, long uid, long at)
    {
        var shard = engine.ShardOf(uid);
        if (!engine.People.TryGetSlot(uid, out var me) || (shard.Writer.LastStagedBy(me) ?? shard.Swipers.LastOf(me)) is not { } last)
            return SwipeRules.NothingToRewind;
        var sid = engine.People.UidOf(last);
        var (kind, swipedAt) = await session.FindAsync<(SwipeKind, long)>(
            "SELECT kind, at FROM swiped WHERE uid = @uid AND sid = @sid", new { uid, sid }).ConfigureAwait(false);
        var today = WireTime.DayNumber(at);
        var used = await session.FindAsync<int>("SELECT used FROM rewinds WHERE uid = @uid AND day = @today", new { uid, today })
            .ConfigureAwait(false);
        if (SwipeRules.CheckRewind(shard.Swipers.MadeAt(me, swipedAt, at), used, at) is { Code: not StatusCode.Ok } refused)
            return refused;

        var swipe = new TakenBackSwipe(uid, sid, kind, swipedAt, at);
        await session.ExecuteAsync(
            "UPDATE swiped SET kind = @RowKind WHERE uid = @Uid AND sid = @Sid",
            new { RowKind = (int)swipe.RowKind, swipe.Uid, swipe.Sid }).ConfigureAwait(false);
        await session.ExecuteAsync(
            SqlDialect.Sqlite.Upsert("rewinds", "uid", "day", "used", "last_at"),
            new { Uid = uid, Day = today, Used = used + 1, LastAt = shard.Swipers.LastTimeOf(me) }).ConfigureAwait(false);
        if (kind == SwipeKind.Like)
            await session.ExecuteAsync("UPDATE rewinds SET likes = MAX(likes - 1, 0) WHERE uid = @uid AND made_at > 0", new { uid })
                .ConfigureAwait(false);
        var before = await session.FindAsync<long>(
            $"SELECT sid FROM swiped WHERE uid = @uid AND kind <= {(int)SwipeKind.Dislike} ORDER BY at DESC LIMIT 1", new { uid })
            .ConfigureAwait(false);
        var followUp = await session.FollowUpAsync(FollowUpKind.Rewound, uid, PayloadBytes.Of(swipe)).ConfigureAwait(false);
        session.OnCommitted(() => Hide(swipe, before));
        return new TakenBack(new RewindReply(sid, kind, SwipeRules.RewindsADay - used - 1), followUp);
    }

    private void Hide(TakenBackSwipe swipe, long before)
    {
        var (shard, other, me, target) = (engine.ShardOf(swipe.Uid), engine.ShardOf(swipe.Sid), SlotOf(swipe.Uid), SlotOf(swipe.Sid));
        shard.Writer.TakenBack.Add((me, target));
        lock (shard.Gate)
            shard.Swiped.Remove(me, target);
        shard.Swipers.TookBack(me, swipe.Kind, swipe.At, before == 0 ? null : SlotOf(before), swipe.RewoundAt);

        if (swipe.Kind != SwipeKind.Dislike)
        {
            lock (other.Gate)
                other.Likers.Remove(target, me, swipe.Kind);
        }

        engine.Boards.Apply([new ScoreChange(target, -Points.For(swipe.Kind), SwipeRules.CountedAt(swipe.At, swipe.RewoundAt))]);
    }

    // A like in flight may have seen this one, and makes friends of the two: then they are to be friends no more, rather than once again.
    private async Task WhenMatchedAsync(TakenBackSwipe swipe)
    {
        await WhenLandedAsync(swipe.Uid, swipe.Sid).ConfigureAwait(false);
        await WhenLandedAsync(swipe.Sid, swipe.Uid).ConfigureAwait(false);
    }

    private async Task WhenLandedAsync(long uid, long sid)
    {
        var flight = new Flight();
        engine.LikesInFlight.Await(uid, sid, flight);
        await flight.Ended.ConfigureAwait(false);
        var began = TimeProvider.System.GetTimestamp();
        while (await HasFollowUpAsync(uid, sid).ConfigureAwait(false))
        {
            if (TimeProvider.System.GetElapsedTime(began) > FollowUps.Patience)
                throw new TimeoutException($"What user {uid}'s like of {sid} leads to has not been written.");
            // Real time, whatever the clock says, which does not drive the files.
            await Task.Delay(LookAgainAfter).ConfigureAwait(false);
        }
    }

    private async ValueTask<bool> HasFollowUpAsync(long uid, long sid)
    {
        var swipes = await engine.Records.ReadAsync(uid, connection => connection.QueryAsync<byte[]>(
            $"SELECT payload FROM follow_ups WHERE kind = {(int)FollowUpKind.Swiped} AND uid = @sid", new { sid })).ConfigureAwait(false);
        return swipes.Any(payload => PayloadBytes.Read<SwipeFollowUp>(payload).Uid == uid);
    }

    private int SlotOf(long uid) => engine.People.TryGetSlot(uid, out var slot) ? slot
        : throw new InvalidOperationException($"User {uid} is not known, but has swiped or was swiped.");

    private sealed class Flight : IConsequenceOwner
    {
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Ended => _ended.Task;

        // If it failed, its follow-up says so.
        public void ConsequenceEnded(bool failed, long notCompletedBy = 0) => _ended.SetResult();
    }
}
