using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Core.Social;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Embedded.Social;

/// <summary>
/// One swipe: its row in the swiper's shard; once that is durable and visible, a check whether the other side likes back
/// (<see cref="SwipePublisher"/>); then its follow-ups in both shards. The reply is sent after all of that. If the other side's like was
/// visible before, the swiper's half of the match is written with the swipe, so that after a crash the files show whose swipe came second.
/// </summary>
internal sealed class SwipeOperation : PooledLaneOperation<SwipeOperation, ShardWriter, Outcome<SwipeReply>>
{
    private static readonly Failure RepeatSwipe = new(StatusCode.RepeatSwipe, "this person was swiped before, with another kind");

    private SwipeOperation? _repeats;
    private FollowUp? _ownHalf;
    private EmbeddedEngine? _engine;
    private Verdict _verdict;
    private bool _inFlight;
    private int _awaited;
    private bool _followUpFailed;

    private enum Verdict : byte
    {
        New,
        Repeated,
        OtherKind,
    }

    public long Uid { get; private set; }

    public long Sid { get; private set; }

    public int UidSlot { get; private set; }

    public int SidSlot { get; private set; }

    public SwipeKind Kind { get; private set; }

    public long At { get; private set; }

    /// <summary>It was recorded now, not before.</summary>
    public bool IsNew => _verdict == Verdict.New;

    /// <summary>It repeats an earlier like and gets its answer.</summary>
    public bool IsRepeatedLike => _verdict == Verdict.Repeated && Kind != SwipeKind.Dislike;

    /// <summary>It completed a match. Decided when its batch is published.</summary>
    public bool Matched { get; set; }

    public static SwipeOperation Rent(long uid, int uidSlot, long sid, int sidSlot, SwipeKind kind, long at)
    {
        var operation = RentInstance();
        operation.Uid = uid;
        operation.UidSlot = uidSlot;
        operation.Sid = sid;
        operation.SidSlot = sidSlot;
        operation.Kind = kind;
        operation.At = at;
        return operation;
    }

    /// <summary>Makes the reply wait for this many operations in other batches. Called before any of them is queued.</summary>
    public void Expect(int followUps) => _awaited = followUps + 1; // plus one for its own batch

    /// <summary>One of them has completed, on any lane's thread; the last one sends the reply.</summary>
    public void FollowUpEnded(bool failed)
    {
        if (failed)
            Volatile.Write(ref _followUpFailed, true);
        if (Interlocked.Decrement(ref _awaited) > 0)
            return;
        EndFlight(_followUpFailed);
        if (_followUpFailed)
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
        _engine!.LikesInFlight.End(Uid, Sid, failed);
    }

    /// <summary>The swiper's half of a match was written with the swipe.</summary>
    public bool HasOwnHalf => _ownHalf is not null;

    /// <summary>Its batch was rolled back; the operation may be executed again.</summary>
    public void Undo(EmbeddedEngine engine)
    {
        if (_ownHalf is not null)
        {
            _ownHalf.Discard();
            _ownHalf = null;
            engine.Claims.Withdraw(Uid, Sid);
        }
        EndFlight();
    }

    protected internal override void Execute(ShardWriter writer)
    {
        _repeats = null;
        Matched = false;
        // The shard's lane is the only writer of its index, so reading it here needs no lock.
        if (writer.Staged.TryGetValue((UidSlot, SidSlot), out var staged))
        {
            _verdict = staged.Kind == Kind ? Verdict.Repeated : Verdict.OtherKind;
            _repeats = staged;
        }
        else if (writer.Shard.Swiped.TryGet(UidSlot, SidSlot, out var before))
        {
            _verdict = before == Kind ? Verdict.Repeated : Verdict.OtherKind;
            Matched = _verdict == Verdict.Repeated && Kind != SwipeKind.Dislike && CompletedMatch(writer);
        }
        else
        {
            _verdict = Verdict.New;
            writer.InsertSwiped.Bind(1, Uid);
            writer.InsertSwiped.Bind(2, Sid);
            writer.InsertSwiped.Bind(3, (long)Kind);
            writer.InsertSwiped.Bind(4, At);
            writer.InsertSwiped.Run();
            writer.Staged.Add((UidSlot, SidSlot), this);
            if (Kind != SwipeKind.Dislike)
                BeginFlight(writer);
        }
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
        _ownHalf?.Committed();
        _ownHalf = null;
        if (_awaited > 0)
        {
            // The last to complete sends the reply: unless that is us, don't touch this operation after the decrement.
            if (Interlocked.Decrement(ref _awaited) > 0)
                return false;
            EndFlight(_followUpFailed);
            if (_followUpFailed)
                throw NotYetComplete();
        }
        result = _verdict == Verdict.OtherKind ? RepeatSwipe : Reply();
        return true;
    }

    protected override void Clear()
    {
        _awaited = 0;
        _followUpFailed = false;
        _repeats = null;
        _ownHalf = null;
        _inFlight = false;
    }

    private SwipeReply Reply() => new(Matched, Repeated: _verdict == Verdict.Repeated);

    private void BeginFlight(ShardWriter writer)
    {
        var engine = _engine = writer.Shard.Engine;
        // Register before looking: a like that does not see this one waits for it.
        _inFlight = true;
        engine.LikesInFlight.Begin(Uid, Sid);
        if (!IsLikedBack(engine.ShardOf(Sid)) || !engine.Claims.TryClaim(Uid, Sid))
            return;
        _ownHalf = FollowUp.Match(writer.Shard, Uid, Sid, completer: Uid, At, origin: null);
        _ownHalf.Execute(writer);
    }

    private bool IsLikedBack(EmbeddedShard other)
    {
        lock (other.Gate)
            return other.Swiped.TryGet(SidSlot, UidSlot, out var back) && back != SwipeKind.Dislike;
    }

    // Check the claim first: it is dropped only once the rows exist.
    private bool CompletedMatch(ShardWriter writer)
    {
        if (writer.Shard.Engine.Claims.CompleterOf(Uid, Sid) is { } claimed)
            return claimed == Uid;
        writer.FindCompleter.Bind(1, Uid);
        writer.FindCompleter.Bind(2, Sid);
        var completed = writer.FindCompleter.Step() && writer.FindCompleter.Int64(0) == Uid;
        writer.FindCompleter.Reset();
        return completed;
    }

    private static StoreUnavailableException NotYetComplete() => new("The swipe is recorded, what follows from it not yet.");
}
