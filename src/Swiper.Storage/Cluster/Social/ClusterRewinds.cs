using Dapper;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Core.Social;
using Swiper.Storage.Records;
using Swiper.Storage.Redis;
using Swiper.Storage.Social;

namespace Swiper.Storage.Cluster.Social;

/// <summary>
/// Rewinds of the cluster: the swipe is taken back in a lane of the swiper's shard (<see cref="RewindRows"/>), and from the index by a
/// batch of that lane.
/// </summary>
internal sealed class ClusterRewinds(SwipePath path, IRecords records) : IRewindEngine
{
    // Most things are done within the first of these; what takes longer is not asked for all the time. A reply waits for a second, so
    // that the longest must be a small part of one.
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(100);

    public async ValueTask<Outcome<TakenBack>> TakeBackAsync(long uid, long at)
    {
        Outcome<TakenBack>? outcome = null;
        await UntilAsync(
            async () =>
            {
                var last = await records.ReadAsync(uid, connection => connection.ExecuteScalarAsync<long>(
                    "SELECT last_sid FROM swipers WHERE uid = @uid", new { uid })).ConfigureAwait(false);
                var (back, _) = last == 0 ? default : await FindBackAsync(uid, last).ConfigureAwait(false);
                outcome = await RewindOperation.SendAsync(path, records.FollowUps, uid, back, at).ConfigureAwait(false);
                return outcome is not null;
            },
            path.Options.Deadline, static () => new StoreUnavailableException("The last swipe has not been settled yet."))
            .ConfigureAwait(false);
        return outcome!.Value;
    }

    public async Task WhenWrittenAsync(TakenBackSwipe swipe)
    {
        if (swipe.Kind == SwipeKind.Dislike)
            return;
        await UntilAsync(() => IsWrittenAsync(swipe.Uid, swipe.Sid, swipe.MadeIn), FollowUps.Patience, NotYet).ConfigureAwait(false);
        var (_, madeIn) = await FindBackAsync(swipe.Uid, swipe.Sid).ConfigureAwait(false);
        await UntilAsync(() => IsWrittenAsync(swipe.Sid, swipe.Uid, madeIn), FollowUps.Patience, NotYet).ConfigureAwait(false);

        TimeoutException NotYet() =>
            new($"The swipes of {swipe.Uid} and {swipe.Sid} have been in the journal for {FollowUps.Patience.TotalSeconds} seconds.");
    }

    public async Task WhenIndexedAsync(TakenBackSwipe swipe)
    {
        var told = new IndexedSwipe(swipe.Sid, swipe.Uid, swipe.BackKind, swipe.BackAt, SwipeChange.Reopened);
        while (true)
        {
            // Redis is away, which is logged by itself.
            await UntilAsync(
                () => IsIndexedAsync(swipe), FollowUps.Patience,
                static () => new StoreUnavailableException("The index has not applied the rewind.")).ConfigureAwait(false);
            var (back, _) = await FindBackAsync(swipe.Uid, swipe.Sid).ConfigureAwait(false);
            if (back == told)
                return;
            await RewindOperation.CorrectAsync(path, records.FollowUps, swipe, back).ConfigureAwait(false);
            told = back;
        }
    }

    public async ValueTask<bool> IsIndexedAsync(RecordSession session, TakenBackSwipe swipe)
    {
        // Locked, so that no correction is written behind it.
        var batch = await session.FindAsync<long>(
            "SELECT batch FROM swiped WHERE uid = @Uid AND sid = @Sid AND kind = @RowKind AND at = @At FOR UPDATE",
            new { swipe.Uid, swipe.Sid, RowKind = (int)swipe.RowKind, swipe.At }).ConfigureAwait(false);
        return !await session.FindAsync<bool>("SELECT EXISTS (SELECT 1 FROM journal WHERE batch = @batch)", new { batch })
            .ConfigureAwait(false);
    }

    public Task PassAsync(RecordSession session, long uid, long at) => session.ExecuteAsync(
        "UPDATE swipers SET last_at = GREATEST(last_at, @at) WHERE uid = @uid", new { uid, at });

    public void Forget(TakenBackSwipe swipe)
    {
        // Whether two may be swiped anew is read from the shard.
    }

    /// <summary>The swipe in return, for the index, and the batch that made it; a dislike if there is none.</summary>
    private async ValueTask<(IndexedSwipe Back, long MadeIn)> FindBackAsync(long uid, long sid)
    {
        var (kind, at, madeIn) = await records.ReadAsync(sid, connection => connection.QueryFirstOrDefaultAsync<(int, long, long)>(
            "SELECT kind, at, batch FROM swiped WHERE uid = @sid AND sid = @uid AND kind < 3", new { uid, sid })).ConfigureAwait(false);
        return (new IndexedSwipe(sid, uid, kind == 0 ? SwipeKind.Dislike : (SwipeKind)kind, at, SwipeChange.Reopened), madeIn);
    }

    /// <summary>Whether all that a swipe leads to is durable.</summary>
    private async ValueTask<bool> IsWrittenAsync(long uid, long sid, long batch)
    {
        var row = await records.ReadAsync(uid, connection => connection.QueryFirstOrDefaultAsync<byte[]>(
            "SELECT swipes FROM journal WHERE batch = @batch AND answered = 0", new { batch })).ConfigureAwait(false);
        if (row is null)
            return true;
        var (swipes, settled) = JournalRow.Unpack(row);
        return !swipes.Where((swipe, i) => swipe.Uid == uid && swipe.Sid == sid && !settled[i]).Any();
    }

    private ValueTask<bool> IsIndexedAsync(TakenBackSwipe swipe) => records.ReadAsync(swipe.Uid, connection =>
        connection.ExecuteScalarAsync<bool>(
            """
            SELECT NOT EXISTS (SELECT 1 FROM swiped s JOIN journal j ON j.batch = s.batch
                WHERE s.uid = @Uid AND s.sid = @Sid AND s.kind = @RowKind)
            """,
            new { swipe.Uid, swipe.Sid, RowKind = (int)swipe.RowKind }));

    // Real time, whatever the clock says, which does not drive the stores.
    private async ValueTask UntilAsync(Func<ValueTask<bool>> isSo, TimeSpan patience, Func<Exception> notYet)
    {
        var began = TimeProvider.System.GetTimestamp();
        var pause = LookAgainAfter;
        while (!await isSo().ConfigureAwait(false))
        {
            if (TimeProvider.System.GetElapsedTime(began) > patience)
                throw notYet();
            await Task.Delay(pause, path.Stopping).ConfigureAwait(false);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }
}
