using System.Numerics;
using Dapper;
using Swiper.Core.Dispatch;
using Swiper.Core.Friends;
using Swiper.Core.Protocol;
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

    public FriendRepository(IRecords records)
    {
        _records = records;
        records.FollowUps.Handle(FollowUpKind.Unfriended, followUp => EndForOtherAsync(followUp).AsTask());
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
        return _records.RunAsync(followUp.Uid, async session =>
        {
            if (await TryEndAsync(session, followUp.Uid, by, at).ConfigureAwait(false))
            {
                var push = PayloadBytes.Of(new UnmatchedPush(by));
                await session.PushAsync(followUp.Uid, Opcode.Unmatched, subject: by, at, push).ConfigureAwait(false);
                return;
            }

            // It has ended already, or the match has not got here yet and must find that it is over.
            await session.ExecuteAsync(
                _records.Sql.InsertIfAbsent("friends", "uid", "fid", "since", "completer", "ended"),
                new { followUp.Uid, Fid = by, Since = at, Completer = by, Ended = at }).ConfigureAwait(false);
        });
    }

    /// <summary>The payload of <see cref="FollowUpKind.Unfriended"/>: who ended it, and when.</summary>
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
