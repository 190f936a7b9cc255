using Dapper;
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
