using System.Runtime.InteropServices;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Core.Social;
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
    private Verdict _verdict;
    private LikesInFlight? _flights;
    private int _mostLikes;
    private int _awaited;
    private bool _consequenceFailed;

    public SwipeOperation() => Written = new OwnConsequences(this);

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

    /// <summary>When it was asked for.</summary>
    public long AskedAt { get; private set; }

    /// <summary>Once it is new, the time that it was given.</summary>
    public long At { get; private set; }

    /// <summary>It was recorded now, not before.</summary>
    public bool IsNew => _verdict == Verdict.New;

    /// <summary>It repeats an earlier like and gets its answer.</summary>
    public bool IsRepeatedLike => _verdict == Verdict.Repeated && Kind != SwipeKind.Dislike;

    /// <summary>It completed a match. Decided when its batch is published.</summary>
    public bool Matched { get; set; }

    /// <summary>The two like each other, but were friends before and are not to be again.</summary>
    public bool IsOver { get; private set; }

    /// <summary>What was written with it of all that follows from it.</summary>
    public OwnConsequences Written { get; }

    public static SwipeOperation Rent(long uid, int uidSlot, long sid, int sidSlot, SwipeKind kind, long at, int mostLikes)
    {
        var operation = RentInstance();
        operation.Uid = uid;
        operation.UidSlot = uidSlot;
        operation.Sid = sid;
        operation.SidSlot = sidSlot;
        operation.Kind = kind;
        operation.AskedAt = operation.At = at;
        operation._mostLikes = mostLikes;
        return operation;
    }

    /// <summary>Makes the reply wait for this many operations in other batches. Called before any of them is queued.</summary>
    public void Expect(int consequences) => _awaited = consequences + 1; // plus one for its own batch

    /// <summary>One of them has completed, on any lane's thread; the last one sends the reply.</summary>
    public void ConsequenceEnded(bool failed, long notCompletedBy = 0)
    {
        if (failed)
            Volatile.Write(ref _consequenceFailed, true);
        // A repeat also waits for the other's like, which has no say in what the first of its own led to.
        if (notCompletedBy == Uid)
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
        var flights = _flights;
        _flights = null;
        flights?.End(Uid, Sid, failed, IsOver);
    }

    /// <summary>Its batch was rolled back; the operation may be executed again.</summary>
    public void Undo(EmbeddedEngine engine)
    {
        if (Written.HaveOwnHalf)
            engine.Claims.Withdraw(Uid, Sid);
        Written.Undo();
        EndFlight();
    }

    protected internal override void Execute(ShardWriter writer)
    {
        (_repeats, Matched, IsOver) = (null, false, false);
        _verdict = Judge(writer);
        if (!IsNew)
            return;
        Pass(writer);
        writer.InsertSwiped.Bind(1, Uid);
        writer.InsertSwiped.Bind(2, Sid);
        writer.InsertSwiped.Bind(3, (long)Kind);
        writer.InsertSwiped.Bind(4, At);
        writer.InsertSwiped.Run();
        writer.Staged.Add((UidSlot, SidSlot), this);
        if (Kind != SwipeKind.Dislike)
            Follow(writer);
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
        Written.Committed();
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
        _flights = null;
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
        At = writer.Shard.Swipers.NextTimeOf(UidSlot, AskedAt);
        return Kind == SwipeKind.Like && !TryCountLike(writer) ? Verdict.OverQuota : Verdict.New;
    }

    private bool TryCountLike(ShardWriter writer)
    {
        var day = WireTime.DayNumber(AskedAt);
        ref var staged = ref CollectionsMarshal.GetValueRefOrAddDefault(writer.StagedLikes, (UidSlot, day), out _);
        if (writer.Shard.Swipers.LikesOn(UidSlot, AskedAt) + staged >= _mostLikes)
            return false;
        staged++;
        return true;
    }

    private void Pass(ShardWriter writer)
    {
        var swipers = writer.Shard.Swipers;
        swipers.Pass(UidSlot, At, AskedAt);
        if (!swipers.IsAhead(UidSlot))
            return;
        // The rows of swipes don't tell the clock's time.
        var likes = swipers.LikesOn(UidSlot, AskedAt)
            + writer.StagedLikes.GetValueOrDefault((UidSlot, WireTime.DayNumber(AskedAt)));
        writer.PutAhead.Bind(1, Uid);
        writer.PutAhead.Bind(2, SwipeRules.IsAhead(At, AskedAt) ? AskedAt : 0);
        writer.PutAhead.Bind(3, likes);
        writer.PutAhead.Run();
    }

    private SwipeReply Reply() => new(Matched, Repeated: _verdict == Verdict.Repeated);

    private void Follow(ShardWriter writer)
    {
        var engine = writer.Shard.Engine;
        // Register before looking: of two likes of each other at the same moment, at least one sees the other.
        _flights = engine.LikesInFlight;
        var isOtherInFlight = _flights.Begin(Uid, Sid);
        var isMatch = engine.Likes(Sid, Uid) && engine.Claims.TryClaim(Uid, Sid);
        if (Written.Write(writer, isMatch, isOtherInFlight))
            return;
        engine.Claims.Withdraw(Uid, Sid);
        IsOver = true;
    }

    private void End()
    {
        EndFlight(_consequenceFailed);
        Written.End(_consequenceFailed);
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
