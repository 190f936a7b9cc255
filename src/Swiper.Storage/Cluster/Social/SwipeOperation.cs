using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Core.Social;
using Swiper.Storage.Redis;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Cluster.Social;

/// <summary>
/// Writes one swipe to the swiper's shard. A new swipe is answered by its <see cref="SwipeBatch"/> once its follow-ups are durable; a
/// repeat is answered with the outcome of the first.
/// </summary>
internal sealed class SwipeOperation : PooledLaneOperation<SwipeOperation, ShardWriter, Outcome<SwipeReply>>
{
    private static readonly Failure RepeatSwipe = new(StatusCode.RepeatSwipe, "this person was swiped before, with another kind");
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMilliseconds(20);

    private ClusterShard _shard = null!;
    private SwipeBatch? _batch;
    private Verdict _verdict;
    private long _enqueuedAt;

    private enum Verdict : byte
    {
        New,

        /// <summary>Repeats a swipe in the same batch, and is answered with it.</summary>
        RepeatsNew,
        Repeated,
        OtherKind,

        /// <summary>Repeats a swipe that no host has answered yet: the client is to retry.</summary>
        RepeatsOpen,
    }

    public IndexedSwipe Swipe { get; private set; }

    /// <summary>It completed a match.</summary>
    public bool Matched { get; set; }

    /// <summary>It was recorded now, not before.</summary>
    public bool IsNew => _verdict == Verdict.New;

    public bool IsAnsweredByBatch => _verdict is Verdict.New or Verdict.RepeatsNew;

    /// <summary>The swipe in the same batch that it repeats.</summary>
    public SwipeOperation? Repeats { get; private set; }

    public static SwipeOperation Rent(ClusterShard shard, in IndexedSwipe swipe)
    {
        var operation = RentInstance();
        (operation._shard, operation.Swipe, operation._enqueuedAt) = (shard, swipe, shard.Engine.Clock.GetTimestamp());
        return operation;
    }

    /// <summary>The swipe is new.</summary>
    public void BecomeNew()
    {
        _verdict = Verdict.New;
        Repeats = null;
        Matched = false;
    }

    /// <summary>Another operation of the same batch made the swipe.</summary>
    public void BecomeRepeatOf(SwipeOperation original)
    {
        _verdict = original.Swipe.Kind == Swipe.Kind ? Verdict.RepeatsNew : Verdict.OtherKind;
        Repeats = original;
    }

    /// <summary>The swipe was made before.</summary>
    public void BecomeRepeat(SwipeKind madeWith, bool isOpen, bool matched)
    {
        _verdict = madeWith != Swipe.Kind ? Verdict.OtherKind : isOpen ? Verdict.RepeatsOpen : Verdict.Repeated;
        Repeats = null;
        Matched = matched;
    }

    /// <summary>Its batch is committed and will answer it later.</summary>
    public void Join(SwipeBatch batch) => _batch = batch;

    /// <summary>All its follow-ups are durable.</summary>
    public void Answer() => Tell(
        static operation => operation.Settle(new SwipeReply(operation.Matched, Repeated: operation._verdict != Verdict.New)));

    /// <summary>It is recorded, but its follow-ups could not be made durable yet.</summary>
    public void AnswerUnavailable() => Tell(static operation => operation.SettleFailed(NotYetComplete()));

    protected internal override void Execute(ShardWriter writer) => writer.Swipes.Add(this);

    protected override bool TryPublish(out Outcome<SwipeReply> result)
    {
        result = default;
        switch (_verdict)
        {
            case Verdict.New or Verdict.RepeatsNew:
                // From here on the batch owns the operation.
                _batch!.Told();
                return false;
            case Verdict.RepeatsOpen:
                if (_shard.Engine.Clock.GetElapsedTime(_enqueuedAt) > _shard.Engine.Options.Deadline)
                    throw NotYetComplete();
                _ = AskAgainAsync();
                return false;
            case Verdict.OtherKind:
                result = RepeatSwipe;
                return true;
            default:
                result = new SwipeReply(Matched, Repeated: true);
                return true;
        }
    }

    protected override void Clear()
    {
        _batch = null;
        Repeats = null;
    }

    // The caller's continuation runs inside this call; its exception must not keep the others from being answered.
    private void Tell(Action<SwipeOperation> outcome)
    {
        var shard = _shard;
        try
        {
            outcome(this);
        }
        catch (Exception exception)
        {
            shard.Engine.Faulted(shard.Number, exception);
        }
    }

    private async Task AskAgainAsync()
    {
        await Task.Delay(AskAgainAfter, _shard.Engine.Clock).ConfigureAwait(false);
        _shard.Lane.Enqueue(this);
    }

    private static StoreUnavailableException NotYetComplete() => new("The swipe is recorded, what follows from it not yet.");
}
