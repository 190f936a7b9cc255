using Dapper;
using Swiper.Core.Friends;
using Swiper.Core.Protocol;
using Swiper.Core.Social;
using Swiper.Storage.Friends;
using Swiper.Storage.Records;

namespace Swiper.Storage.Social;

/// <summary>
/// Rewinds, for both engines. A swipe that is taken back stays as a row until everything that it led to is taken back, too; its kind is
/// then <see cref="TakenBackSwipe.RowKind"/>, so it counts nowhere, and nobody can be swiped anew before.
/// </summary>
/// <remarks>
/// <code>
/// RewindAsync ──► in the swiper's shard: UPDATE swiped (taken back), the day's likes and rewinds, INSERT follow_ups; COMMIT
///                                                                         │
/// follow-up:   1. what the swipe, and one in return, led to is written ◄──┘    (an earlier like may just be becoming a match)
///              2. DELETE friends in the other's shard, push 706
///              3. the index has let go of the swipe, and has a like in return again
///              4. DELETE friends and swiped in the swiper's shard; INSERT former_friends if the friendship had been ended before
/// </code>
/// The reply waits for the follow-up, but not for long: it is certain to be done.
/// </remarks>
internal sealed class Rewinds
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly IRecords _records;
    private readonly BlockRepository _blocks;
    private readonly IRewindEngine _engine;
    private readonly UserTurns _turns = new();

    public Rewinds(IRecords records, BlockRepository blocks, IRewindEngine engine)
    {
        (_records, _blocks, _engine) = (records, blocks, engine);
        // The taken back row keeps two of the same pair apart.
        records.FollowUps.Handle(FollowUpKind.Rewound, UndoAsync, inOrder: false);
    }

    public ValueTask<Outcome<RewindReply>> RewindAsync(long uid, long at) => _turns.RunAsync(uid, () => RewindInTurnAsync(uid, at));

    /// <summary>
    /// Makes a swipe wait for the user's rewinds, whose turn came before: they must not take back a later one. Without any it costs next
    /// to nothing.
    /// </summary>
    public bool MustWait(long uid) => _turns.IsBusy(uid);

    /// <summary>Swipes after the user's rewinds.</summary>
    public ValueTask<Outcome<SwipeReply>> SwipeInTurnAsync(long uid, Func<ValueTask<Outcome<SwipeReply>>> swipe) =>
        _turns.RunAsync(uid, swipe);

    private async ValueTask<Outcome<RewindReply>> RewindInTurnAsync(long uid, long at)
    {
        var outcome = await _engine.TakeBackAsync(uid, at).ConfigureAwait(false);
        if (!outcome.IsOk)
            return outcome.Failure;
        // Real time, whatever the clock says, which does not drive the stores.
        await _records.FollowUps.WhenTried(outcome.Value.FollowUp).WaitAsync(Patience)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return outcome.Value.Reply;
    }

    private async Task UndoAsync(FollowUp followUp)
    {
        var swipe = PayloadBytes.Read<TakenBackSwipe>(followUp.Payload);
        // :: Step 1
        await _engine.WhenWrittenAsync(swipe).ConfigureAwait(false);
        // :: Step 2
        var own = await FindOwnHalfAsync(swipe).ConfigureAwait(false);
        // Another call has done it all meanwhile: the two may have become friends anew.
        if (own is not { } half)
            return;
        // Later than the match, whatever the clocks of hosts say, and earlier than the next one of the two: that is how they are told
        // apart.
        var endedAt = Math.Max(swipe.RewoundAt, Math.Max(swipe.At, half.Since));
        var isOver = half.Ended > 0;
        if (swipe.Kind != SwipeKind.Dislike && !isOver)
            isOver = !await TryEndForOtherAsync(swipe, half.Since, endedAt).ConfigureAwait(false);

        do
        {
            // :: Step 3
            await _engine.WhenIndexedAsync(swipe).ConfigureAwait(false);
        }
        // :: Step 4
        while (!await _records.RunAsync(swipe.Uid, session => TryForgetAsync(session, swipe, endedAt, isOver)).ConfigureAwait(false));
    }

    // False if another call has given the index more to do meanwhile.
    private async Task<bool> TryForgetAsync(RecordSession session, TakenBackSwipe swipe, long endedAt, bool isOver)
    {
        var pair = new { swipe.Uid, swipe.Sid, RowKind = (int)swipe.RowKind, swipe.At };
        if (!await _engine.IsIndexedAsync(session, swipe).ConfigureAwait(false))
            return false;
        if (await session.ExecuteAsync("DELETE FROM swiped WHERE uid = @Uid AND sid = @Sid AND kind = @RowKind AND at = @At", pair)
            .ConfigureAwait(false) == 0)
            return true;
        if (await session.ExecuteAsync("DELETE FROM friends WHERE uid = @Uid AND fid = @Sid AND ended = 0", pair)
            .ConfigureAwait(false) > 0)
            await _engine.PassAsync(session, swipe.Uid, endedAt).ConfigureAwait(false);
        // It may have been ended meanwhile.
        if (isOver || await session.FindAsync<long>(
            "SELECT ended FROM friends WHERE uid = @Uid AND fid = @Sid" + _records.Sql.ForUpdate, pair).ConfigureAwait(false) > 0)
            await _blocks.KeepApartAsync(session, swipe.Uid, swipe.Sid).ConfigureAwait(false);
        session.OnCommitted(() => _engine.Forget(swipe));
        return true;
    }

    /// <summary>
    /// When the friendship began that the swipe led to, and when the swiper ended it, each 0 if not; null if the rewind has been done.
    /// </summary>
    private ValueTask<(long Since, long Ended)?> FindOwnHalfAsync(TakenBackSwipe swipe) =>
        _records.ReadAsync(swipe.Uid, connection => connection.QueryFirstOrDefaultAsync<(long, long)?>(
            """
            SELECT COALESCE(f.since, 0), COALESCE(f.ended, 0) FROM swiped s LEFT JOIN friends f ON f.uid = s.uid AND f.fid = s.sid
            WHERE s.uid = @Uid AND s.sid = @Sid AND s.kind = @RowKind AND s.at = @At
            """,
            new { swipe.Uid, swipe.Sid, RowKind = (int)swipe.RowKind, swipe.At }));

    // One that had been ended stays ended: then it is false. One that began later, after another call has done all this, stays as it is.
    private ValueTask<bool> TryEndForOtherAsync(TakenBackSwipe swipe, long since, long at) => _records.RunAsync(swipe.Sid, async session =>
    {
        if (await session.ExecuteAsync(
            "DELETE FROM friends WHERE uid = @Sid AND fid = @Uid AND ended = 0 AND (@since = 0 OR since = @since)",
            new { swipe.Uid, swipe.Sid, since }).ConfigureAwait(false) > 0)
        {
            await session.PushAsync(swipe.Sid, Opcode.Unmatched, swipe.Uid, at, PayloadBytes.Of(new UnmatchedPush(swipe.Uid)))
                .ConfigureAwait(false);
            await _engine.PassAsync(session, swipe.Sid, at).ConfigureAwait(false);
            return true;
        }

        return await session.FindAsync<long>("SELECT ended FROM friends WHERE uid = @Sid AND fid = @Uid", new { swipe.Uid, swipe.Sid })
            .ConfigureAwait(false) == 0;
    });
}

/// <summary>What a rewind asks of an engine: that which the swipe's own way does.</summary>
internal interface IRewindEngine
{
    /// <summary>
    /// Takes back the user's last swipe in the truth, and has the index do the same: the swipe's row gets
    /// <see cref="TakenBackSwipe.RowKind"/>, and a <see cref="FollowUpKind.Rewound"/> is written in the same transaction.
    /// </summary>
    ValueTask<Outcome<TakenBack>> TakeBackAsync(long uid, long at);

    /// <summary>Waits until neither this swipe nor one in return can still lead to a friendship or a push.</summary>
    Task WhenWrittenAsync(TakenBackSwipe swipe);

    /// <summary>
    /// Waits until the index has let go of the swipe, and sees to it that the user finds a like in return among the likers again: readers
    /// may have dropped it, because it was answered.
    /// </summary>
    Task WhenIndexedAsync(TakenBackSwipe swipe);

    /// <summary>
    /// Within a transaction on the swiper's shard: whether the index still has done all that it was told of the swipe. Until the
    /// transaction ends, it is told nothing more.
    /// </summary>
    ValueTask<bool> IsIndexedAsync(RecordSession session, TakenBackSwipe swipe);

    /// <summary>
    /// Within a transaction on the user's shard: no later swipe of the user gets this time or an earlier one.
    /// </summary>
    Task PassAsync(RecordSession session, long uid, long at);

    /// <summary>The row of the swipe is gone: the two may be swiped anew.</summary>
    void Forget(TakenBackSwipe swipe);
}

/// <param name="Reply">What the client is told.</param>
/// <param name="FollowUp">What takes back that which the swipe led to; it has begun.</param>
internal readonly record struct TakenBack(RewindReply Reply, FollowUp FollowUp);

/// <summary>A swipe that was taken back: the payload of <see cref="FollowUpKind.Rewound"/>.</summary>
/// <param name="Uid">The swiper.</param>
/// <param name="Sid">The swiped user.</param>
/// <param name="Kind">How.</param>
/// <param name="At">When.</param>
/// <param name="RewoundAt">When it was taken back.</param>
/// <param name="MadeIn">In the cluster: the batch that made it.</param>
/// <param name="BackKind">In the cluster: the swipe in return, as the index was told; a dislike stands for none, too.</param>
/// <param name="BackAt">When that was made.</param>
internal readonly record struct TakenBackSwipe(
    long Uid, long Sid, SwipeKind Kind, long At, long RewoundAt, long MadeIn = 0, SwipeKind BackKind = SwipeKind.Dislike, long BackAt = 0)
    : IPayload<TakenBackSwipe>
{
    private const int Shift = 3;

    /// <summary>The kind of the row that is left: 4, 5 or 6 for a like, a superlike or a dislike.</summary>
    public byte RowKind => (byte)(Kind + Shift);

    /// <summary>Whether a row's kind is that of a swipe that was taken back.</summary>
    public static bool Is(int rowKind) => rowKind > (int)SwipeKind.Dislike;

    /// <summary>The kind that a swipe had before it was taken back.</summary>
    public static SwipeKind KindOf(int rowKind) => (SwipeKind)(Is(rowKind) ? rowKind - Shift : rowKind);

    public static TakenBackSwipe Read(scoped ref FieldReader fields) => new(
        fields.Int64("uid"), fields.Int64("sid"), (SwipeKind)fields.Int32("kind", (int)SwipeKind.Like, (int)SwipeKind.Dislike),
        fields.Int64("at"), fields.Int64("rewound_at"), fields.Int64("made_in"),
        (SwipeKind)fields.Int32("back_kind", (int)SwipeKind.Like, (int)SwipeKind.Dislike), fields.Int64("back_at"));

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(8);
        writer.WriteInt64(Uid);
        writer.WriteInt64(Sid);
        writer.WriteInt64((byte)Kind);
        writer.WriteInt64(At);
        writer.WriteInt64(RewoundAt);
        writer.WriteInt64(MadeIn);
        writer.WriteInt64((byte)BackKind);
        writer.WriteInt64(BackAt);
    }
}
