using System.Numerics;
using Dapper;
using Swiper.Core.Dispatch;
using Swiper.Core.Friends;
using Swiper.Core.Protocol;
using Swiper.Core.Social;
using Swiper.Storage.Records;

namespace Swiper.Storage.Friends;

/// <summary>
/// Friendships: one row with each of the two friends. A row stays when the friendship ends, so that nothing that is still to be done of an
/// old match can begin it again.
/// </summary>
internal sealed class FriendRepository : IFriendRepository
{
    // Friends that are looked at together when friends in common are sought, and at most for one request.
    private const int Chunk = 256;
    private const int MostLookedAt = 4 * Chunk;

    private const int LeastKeys = 16;

    private readonly IRecords _records;
    private readonly BlockRepository _blocks;

    public FriendRepository(IRecords records, BlockRepository blocks)
    {
        (_records, _blocks) = (records, blocks);
        records.FollowUps.Handle(FollowUpKind.Unfriended, followUp => EndForOtherAsync(followUp).AsTask());
        records.FollowUps.Handle(FollowUpKind.LikeBlocked, EndUnwrittenAsync);
    }

    public ValueTask<bool> AreFriendsAsync(long uid, long other) => _records.ReadAsync(uid, connection =>
        connection.ExecuteScalarAsync<bool>(
            "SELECT EXISTS (SELECT 1 FROM friends WHERE uid = @uid AND fid = @other AND ended = 0)", new { uid, other }));

    public ValueTask<IReadOnlyList<Since>> ReadAsync(long uid, PageCursor? after, int limit) => _records.ReadPageAsync(
        uid,
        """
        SELECT fid, since FROM friends WHERE uid = @uid AND ended = 0 AND since <= @at AND (since < @at OR fid < @last)
        ORDER BY since DESC, fid DESC LIMIT @limit
        """,
        after, limit);

    public async ValueTask<FoundFriends> ReadCommonAsync(long uid, long other, PageCursor? after, int limit)
    {
        var mine = await ReadAsync(uid, after, Chunk).ConfigureAwait(false);
        if (mine.Count == Chunk && await ReadFewAsync(other).ConfigureAwait(false) is { } theirs)
            return new FoundFriends(InOrder(await ReadAmongAsync(uid, theirs).ConfigureAwait(false), after, limit), LeftOff: null);

        // The two may live in different shards: those of one are asked for in the other's.
        var common = new List<Since>();
        for (var lookedAt = Chunk; ; lookedAt += Chunk)
        {
            var known = await ReadAmongAsync(other, mine).ConfigureAwait(false);
            var uids = known.Select(friend => friend.Uid).ToHashSet();
            common.AddRange(mine.Where(friend => uids.Contains(friend.Uid)));
            if (common.Count >= limit)
                return new FoundFriends(common[..limit], LeftOff: null);
            if (mine.Count < Chunk)
                return new FoundFriends(common, LeftOff: null);
            if (lookedAt == MostLookedAt)
                return new FoundFriends(common, mine[^1].Cursor);
            mine = await ReadAsync(uid, mine[^1].Cursor, Chunk).ConfigureAwait(false);
        }
    }

    public ValueTask<Outcome<NoData>> EndAsync(long uid, long other, long now) => _records.RunAsync<Outcome<NoData>>(uid, async session =>
        await EndAsync(session, uid, other, now).ConfigureAwait(false)
            ? default(NoData)
            : new Failure(StatusCode.NotFriends, "you are not friends"));

    /// <summary>Ends a friendship within a transaction on the shard of the user who ends it; false if there is none.</summary>
    public static async Task<bool> EndAsync(RecordSession session, long uid, long other, long at)
    {
        if (!await TryEndAsync(session, uid, other, at).ConfigureAwait(false))
            return false;
        await session.FollowUpAsync(FollowUpKind.Unfriended, other, PayloadBytes.Of(new Ended(uid, at))).ConfigureAwait(false);
        return true;
    }

    /// <summary>
    /// Ends a friendship as <see cref="EndAsync(RecordSession, long, long, long)"/> does, for somebody who blocks the other, and also one
    /// that is still to be written.
    /// </summary>
    /// <remarks>
    /// A match takes a like of each other, and is written after the second one: in the shard of the user who blocks possibly after the
    /// block, which finds no friendship to end. Only those who like the other can be in a match, so only then the other's shard is asked,
    /// by a follow-up, whether the other has liked back before the block. If so, the two become former friends, as they would be if the
    /// match had been quicker: nothing written later begins the friendship. If not, nothing is written: there is no match, and after an
    /// unblock the two match by new likes as if nothing had been.
    /// </remarks>
    public static async Task EndByBlockAsync(RecordSession session, long uid, long other, long at)
    {
        // Most of those who are blocked were never liked: then there is no friendship either, and one look suffices.
        if (!await LikesAsync(session, uid, other, before: long.MaxValue).ConfigureAwait(false))
            return;
        if (!await EndAsync(session, uid, other, at).ConfigureAwait(false))
            await session.FollowUpAsync(FollowUpKind.LikeBlocked, other, PayloadBytes.Of(new Ended(uid, at))).ConfigureAwait(false);
    }

    // A like that is being taken back is none any more.
    private static Task<bool> LikesAsync(RecordSession session, long uid, long sid, long before) => session.FindAsync<bool>(
        $"""
        SELECT EXISTS (SELECT 1 FROM swiped
            WHERE uid = @uid AND sid = @sid AND kind < {(int)SwipeKind.Dislike} AND at <= @before)
        """,
        new { uid, sid, before });

    private static Task<bool> HasEndedAsync(RecordSession session, long uid, long fid, long at) => session.FindAsync<bool>(
        "SELECT EXISTS (SELECT 1 FROM friends WHERE uid = @uid AND fid = @fid AND ended = @at)", new { uid, fid, at });

    private static async Task<bool> TryEndAsync(RecordSession session, long uid, long fid, long at) => await session.ExecuteAsync(
        "UPDATE friends SET ended = @at WHERE uid = @uid AND fid = @fid AND ended = 0", new { uid, fid, at }).ConfigureAwait(false) > 0;

    private static IReadOnlyList<Since> InOrder(IReadOnlyList<Since> friends, PageCursor? after, int limit) =>
    [
        .. friends.OrderByDescending(friend => (friend.At, friend.Uid))
            .Where(friend => after is not { } place || (friend.At, friend.Uid).CompareTo((place.At, place.Uid)) < 0)
            .Take(limit),
    ];

    /// <summary>All friends of a user; null if they are more than a chunk.</summary>
    private async ValueTask<IReadOnlyList<Since>?> ReadFewAsync(long uid) =>
        await ReadAsync(uid, after: null, Chunk + 1).ConfigureAwait(false) is { Count: <= Chunk } all ? all : null;

    /// <summary>Those of some people who are friends of a user, in no order; since when they are that user's.</summary>
    private ValueTask<IReadOnlyList<Since>> ReadAmongAsync(long uid, IReadOnlyList<Since> people)
    {
        if (people.Count == 0)
            return ValueTask.FromResult(people);
        var fids = Keys(people);
        return _records.ReadAsync<IReadOnlyList<Since>>(uid, async connection =>
        {
            // The plus keeps SQLite from going through all friends by the other index.
            var rows = await connection.QueryAsync<(long Uid, long At)>(
                "SELECT fid, since FROM friends WHERE uid = @uid AND fid IN @fids AND +ended = 0", new { uid, fids })
                .ConfigureAwait(false);
            return [.. rows.Select(row => new Since(row.Uid, row.At))];
        });
    }

    // Of few different lengths, filled up by repeating the last one: connections keep the statement of each.
    private static long[] Keys(IReadOnlyList<Since> people)
    {
        var keys = new long[Math.Max(LeastKeys, (int)BitOperations.RoundUpToPowerOf2((uint)people.Count))];
        for (var index = 0; index < keys.Length; index++)
            keys[index] = people[Math.Min(index, people.Count - 1)].Uid;
        return keys;
    }

    private ValueTask EndForOtherAsync(FollowUp followUp)
    {
        var (by, at) = PayloadBytes.Read<Ended>(followUp.Payload);
        return _records.RunAsync(followUp.Uid, session => EndForOtherAsync(session, followUp.Uid, by, at));
    }

    private async Task EndForOtherAsync(RecordSession session, long uid, long by, long at)
    {
        if (await EndOrForestallAsync(session, uid, by, completer: by, at).ConfigureAwait(false))
        {
            // Not before the match, whatever clocks say: an earlier one of the two may have ended by a rewind, and that push is another.
            var since = await session.FindAsync<long>("SELECT since FROM friends WHERE uid = @uid AND fid = @by", new { uid, by })
                .ConfigureAwait(false);
            await session.PushAsync(
                uid, Opcode.Unmatched, subject: by, Math.Max(at, since), PayloadBytes.Of(new UnmatchedPush(by))).ConfigureAwait(false);
        }
    }

    private async Task EndUnwrittenAsync(FollowUp followUp)
    {
        var (uid, (by, at)) = (followUp.Uid, PayloadBytes.Read<Ended>(followUp.Payload));
        var likedBack = await _records.RunAsync(uid, async session =>
        {
            // What an earlier call has begun, this one completes, even if the like has been taken back in between: or the friendship
            // would be over for one of the two only.
            if (!await LikesAsync(session, uid, by, before: at).ConfigureAwait(false)
                && !await HasEndedAsync(session, uid, by, at).ConfigureAwait(false))
                return false;
            await EndForOtherAsync(session, uid, by, at).ConfigureAwait(false);
            return true;
        }).ConfigureAwait(false);
        if (likedBack)
        {
            await _records.RunAsync(by, session => EndOrForestallAsync(session, by, uid, completer: by, at))
                .ConfigureAwait(false);
        }
    }

    /// <summary>True if it has ended now. If the match has not got here yet, it will find that it is over.</summary>
    private async Task<bool> EndOrForestallAsync(RecordSession session, long uid, long fid, long completer, long at)
    {
        if (await TryEndAsync(session, uid, fid, at).ConfigureAwait(false))
            return true;
        // The swipe may have been taken back, and the friendship with it. Locked, as by a rewind, which deletes it and then looks whether
        // the friendship is over: one of the two sees what the other has done.
        var swipe = await session.FindAsync<int?>(
            "SELECT kind FROM swiped WHERE uid = @uid AND sid = @fid" + _records.Sql.ForUpdate, new { uid, fid }).ConfigureAwait(false);
        if (swipe is null)
            await _blocks.KeepApartAsync(session, uid, fid).ConfigureAwait(false);
        await session.ExecuteAsync(
            _records.Sql.InsertIfAbsent("friends", "uid", "fid", "since", "completer", "ended"),
            new { Uid = uid, Fid = fid, Since = at, Completer = completer, Ended = at }).ConfigureAwait(false);
        return false;
    }

    /// <summary>
    /// The payload of <see cref="FollowUpKind.Unfriended"/> and <see cref="FollowUpKind.LikeBlocked"/>: who ended it, and when.
    /// </summary>
    private readonly record struct Ended(long By, long At) : IPayload<Ended>
    {
        public static Ended Read(scoped ref FieldReader fields) => new(fields.Int64("by"), fields.Int64("at"));

        public void Write(ref MessagePackWriter writer)
        {
            writer.WriteArrayHeader(2);
            writer.WriteInt64(By);
            writer.WriteInt64(At);
        }
    }
}
