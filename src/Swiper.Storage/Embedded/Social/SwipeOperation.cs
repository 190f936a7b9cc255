using System.Runtime.InteropServices;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Core.Social;
using Swiper.Storage.Records;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Embedded.Social;

/// <summary>One swipe, from the lane of the swiper's shard to its reply.</summary>
/// <remarks>
/// <code>
/// queued ──► executed ─┬─ new: INSERT swiped. A like is in flight from here until its outcome is durable, and if the other side's like is
///    ▲           │     │       visible already, it claims the match. What follows from it in the swiper's shard is written here, and a
///    │           │     │       follow-up if something may have to be written in another one
///    │           │     └─ repeated, or of another kind: nothing is written
///    └─ undone ──┤
///   rolled back  ▼
///             COMMIT ──► published (SwipePublisher): a new swipe is visible to others, and only then looks for a like in return
///                ▼
///             waiting for its consequences in other lanes, and for likes in flight that could change its outcome; often for none
///                ▼
///             answered, and the follow-up deleted; with 1004 if a consequence could not be written yet: the follow-up is done later
/// </code>
/// Most swipes need no follow-up. A superlike or a match with a user of another shard does, and so do likes of each other at the same
/// moment, which only the publisher tells apart.
/// </remarks>
internal sealed class SwipeOperation : PooledLaneOperation<SwipeOperation, ShardWriter, Outcome<SwipeReply>>, IConsequenceOwner
{
    private static readonly Failure RepeatSwipe = new(StatusCode.RepeatSwipe, "this person was swiped before, with another kind");

    private SwipeOperation? _repeats;
    private Consequence? _ownHalf;
    private Consequence? _otherHalf;
    private Consequence? _notice;
    private EmbeddedShard? _shard;
    private long _followUp;
    private Verdict _verdict;
    private bool _inFlight;
    private int _mostLikes;
    private int _awaited;
    private bool _consequenceFailed;

    private enum Verdict : byte
    {
        New,
        Repeated,
        OtherKind,
        OverQuota,
        IsTakenBack,
    }

    public long Uid { get; private set; }

    public long Sid { get; private set; }

    public int UidSlot { get; private set; }

    public int SidSlot { get; private set; }

    public SwipeKind Kind { get; private set; }

    /// <summary>When it was asked for; once it is new, the time that it was given.</summary>
    public long At { get; private set; }

    /// <summary>It was recorded now, not before.</summary>
    public bool IsNew => _verdict == Verdict.New;

    /// <summary>It repeats an earlier like and gets its answer.</summary>
    public bool IsRepeatedLike => _verdict == Verdict.Repeated && Kind != SwipeKind.Dislike;

    /// <summary>It completed a match. Decided when its batch is published.</summary>
    public bool Matched { get; set; }

    /// <summary>The two like each other, but were friends before and are not to be again.</summary>
    public bool IsOver { get; private set; }

    public static SwipeOperation Rent(long uid, int uidSlot, long sid, int sidSlot, SwipeKind kind, long at, int mostLikes)
    {
        var operation = RentInstance();
        operation.Uid = uid;
        operation.UidSlot = uidSlot;
        operation.Sid = sid;
        operation.SidSlot = sidSlot;
        operation.Kind = kind;
        operation.At = at;
        operation._mostLikes = mostLikes;
        return operation;
    }

    /// <summary>Makes the reply wait for this many operations in other batches. Called before any of them is queued.</summary>
    public void Expect(int consequences) => _awaited = consequences + 1; // plus one for its own batch

    /// <summary>One of them has completed, on any lane's thread; the last one sends the reply.</summary>
    public void ConsequenceEnded(bool failed, bool isOver = false)
    {
        if (failed)
            Volatile.Write(ref _consequenceFailed, true);
        if (isOver)
            (Matched, IsOver) = (false, true);
        if (Interlocked.Decrement(ref _awaited) > 0)
            return;
        End();
        if (_consequenceFailed)
            SettleFailed(NotYetComplete());
        else
            Settle(Reply());
    }

    /// <summary>Nobody needs to wait for its outcome any longer.</summary>
    public void EndFlight(bool failed = false)
    {
        if (!_inFlight)
            return;
        _inFlight = false;
        _shard!.Engine.LikesInFlight.End(Uid, Sid, failed, IsOver);
    }

    /// <summary>The swiper's half of a match was written with the swipe.</summary>
    public bool HasOwnHalf => _ownHalf is not null;

    /// <summary>The other half was, too.</summary>
    public bool HasOtherHalf => _otherHalf is not null;

    /// <summary>The notice of a superlike was.</summary>
    public bool HasNotice => _notice is not null;

    /// <summary>Its batch was rolled back; the operation may be executed again.</summary>
    public void Undo(EmbeddedEngine engine)
    {
        if (_ownHalf is not null)
            engine.Claims.Withdraw(Uid, Sid);
        _ownHalf?.Discard();
        _otherHalf?.Discard();
        _notice?.Discard();
        _ownHalf = _otherHalf = _notice = null;
        _followUp = 0;
        EndFlight();
    }

    protected internal override void Execute(ShardWriter writer)
    {
        (_repeats, Matched, IsOver) = (null, false, false);
        _verdict = Judge(writer);
        if (!IsNew)
            return;
        writer.Shard.Swipers.Pass(UidSlot, At);
        writer.InsertSwiped.Bind(1, Uid);
        writer.InsertSwiped.Bind(2, Sid);
        writer.InsertSwiped.Bind(3, (long)Kind);
        writer.InsertSwiped.Bind(4, At);
        writer.InsertSwiped.Run();
        writer.Staged.Add((UidSlot, SidSlot), this);
        if (Kind != SwipeKind.Dislike)
            WriteConsequences(writer);
    }

    /// <summary>Called after the whole batch has been published: a repeat within the batch gets the outcome of the first.</summary>
    public void TakeOutcomeOfRepeated()
    {
        if (_repeats is not null)
            Matched = _repeats.Matched;
        _repeats = null;
    }

    protected override bool TryPublish(out Outcome<SwipeReply> result)
    {
        result = default;
        // In the order of the batch's operations, so that a user's pushes are sent in seq order.
        Commit(ref _ownHalf);
        Commit(ref _notice);
        Commit(ref _otherHalf);
        if (_awaited > 0)
        {
            // The last to complete sends the reply: unless that is us, don't touch this operation after the decrement.
            if (Interlocked.Decrement(ref _awaited) > 0)
                return false;
            End();
            if (_consequenceFailed)
                throw NotYetComplete();
        }
        if (_verdict == Verdict.IsTakenBack)
            throw new StoreUnavailableException("The rewind of the last swipe of this person has not ended.");
        result = _verdict switch
        {
            Verdict.OtherKind => RepeatSwipe,
            Verdict.OverQuota => SwipeRules.LikeQuota,
            _ => Reply(),
        };
        return true;
    }

    protected override void Clear()
    {
        _awaited = 0;
        _consequenceFailed = false;
        _repeats = null;
        _followUp = 0;
        _inFlight = false;
    }

    // One that could not be pushed must not keep this swipe from its reply, nor the others from theirs.
    private void Commit(ref Consequence? consequence)
    {
        try
        {
            consequence?.Committed();
        }
        catch (Exception exception)
        {
            _shard!.Engine.Faulted(_shard, exception);
        }

        consequence = null;
    }

    // The shard's lane is the only writer of its indexes, so reading them here needs no lock.
    private Verdict Judge(ShardWriter writer)
    {
        if (writer.Staged.TryGetValue((UidSlot, SidSlot), out var staged))
        {
            _repeats = staged;
            return staged.Kind == Kind ? Verdict.Repeated : Verdict.OtherKind;
        }

        if (writer.Shard.Swiped.TryGet(UidSlot, SidSlot, out var before))
        {
            if (before != Kind)
                return Verdict.OtherKind;
            Matched = Kind != SwipeKind.Dislike && CompletedMatch(writer);
            return Verdict.Repeated;
        }

        if (writer.TakenBack.Contains((UidSlot, SidSlot)))
            return Verdict.IsTakenBack;
        At = writer.Shard.Swipers.NextTimeOf(UidSlot, At);
        return Kind == SwipeKind.Like && !TryCountLike(writer) ? Verdict.OverQuota : Verdict.New;
    }

    private bool TryCountLike(ShardWriter writer)
    {
        var day = WireTime.DayNumber(At);
        ref var staged = ref CollectionsMarshal.GetValueRefOrAddDefault(writer.StagedLikes, (UidSlot, day), out _);
        if (writer.Shard.Swipers.LikesOn(day, UidSlot) + staged >= _mostLikes)
            return false;
        staged++;
        return true;
    }

    private SwipeReply Reply() => new(Matched, Repeated: _verdict == Verdict.Repeated);

    private void WriteConsequences(ShardWriter writer)
    {
        var engine = writer.Shard.Engine;
        var other = engine.ShardOf(Sid);
        _shard = writer.Shard;
        // Register before looking: of two likes of each other at the same moment, at least one sees the other.
        _inFlight = true;
        var isOtherInFlight = engine.LikesInFlight.Begin(Uid, Sid);
        var isMatch = engine.Likes(Sid, Uid) && engine.Claims.TryClaim(Uid, Sid);
        // Each is noted before it is executed: if that throws, Undo must know of it.
        if (isMatch)
        {
            _ownHalf = Consequence.Match(writer.Shard, Uid, Sid, completer: Uid, At);
            _ownHalf.Execute(writer);
            if (_ownHalf.IsOver)
            {
                engine.Claims.Withdraw(Uid, Sid);
                _ownHalf.Discard();
                _ownHalf = null;
                (IsOver, isMatch) = (true, false);
            }
        }

        var isSuperlike = Kind == SwipeKind.Superlike;
        if (other != writer.Shard)
        {
            if (isMatch || isSuperlike || isOtherInFlight)
                _followUp = WriteFollowUp(writer);
            return;
        }
        // The notice first, as where the other lives in another shard.
        if (isSuperlike)
        {
            _notice = Consequence.Superlike(writer.Shard, Sid, Uid, At);
            _notice.Execute(writer);
        }

        if (isMatch)
        {
            _otherHalf = Consequence.Match(writer.Shard, Sid, Uid, completer: Uid, At);
            _otherHalf.Execute(writer);
        }
        else if (isOtherInFlight)
        {
            _followUp = WriteFollowUp(writer);
        }
    }

    private long WriteFollowUp(ShardWriter writer)
    {
        var payload = new MessagePackWriter(stackalloc byte[SwipeFollowUp.MaxBytes]);
        new SwipeFollowUp(Uid, Sid, Kind, At).Write(ref payload);
        FollowUpCause.Write(ref payload, Span);
        writer.InsertFollowUp.Bind(1, (long)FollowUpKind.Swiped);
        writer.InsertFollowUp.Bind(2, Sid);
        writer.InsertFollowUp.BindBlob(3, payload.Written);
        writer.InsertFollowUp.Bind(4, writer.Shard.Engine.Clock.NowMs() + (long)FollowUps.Patience.TotalMilliseconds);
        writer.InsertFollowUp.Run();
        payload.Dispose();
        return writer.Connection.LastInsertedId;
    }

    /// <summary>
    /// Everything that it expected has ended. If something failed, the follow-up is left for <see cref="FollowUps"/> to find.
    /// </summary>
    private void End()
    {
        EndFlight(_consequenceFailed);
        if (_followUp != 0 && !_consequenceFailed)
            FollowUpDone.Enqueue(_shard!, _followUp);
    }

    // Check the row first: of two who were friends, a like that is made anew claims the match before it finds that it is over. The row is
    // written in this lane, and a claim is dropped only once it is there.
    private bool CompletedMatch(ShardWriter writer)
    {
        writer.FindCompleter.Bind(1, Uid);
        writer.FindCompleter.Bind(2, Sid);
        var completed = writer.FindCompleter.Step();
        writer.FindCompleter.Reset();
        return completed || writer.Shard.Engine.Claims.CompleterOf(Uid, Sid) == Uid;
    }

    private static StoreUnavailableException NotYetComplete() => new("The swipe is recorded, what follows from it not yet.");
}
