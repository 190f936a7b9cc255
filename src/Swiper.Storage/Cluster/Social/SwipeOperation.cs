using System.Diagnostics;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Core.Social;
using Swiper.Storage.Redis;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Cluster.Social;

/// <summary>
/// One swipe on its way into the swiper's shard. A new one is answered by its <see cref="SwipeBatch"/>, once all that follows from it
/// is durable; one that was made before is answered with what the first one came to.
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

        /// <summary>In the same batch as the one it repeats, and answered with it.</summary>
        RepeatsNew,
        Repeated,
        OtherKind,

        /// <summary>Repeats one that is not answered yet, by whichever host: to be asked again.</summary>
        RepeatsOpen,
    }

    public IndexedSwipe Swipe { get; private set; }

    /// <summary>It completed a match.</summary>
    public bool Matched { get; set; }

    /// <summary>It was recorded now rather than before.</summary>
    public bool IsNew => _verdict == Verdict.New;

    public bool IsAnsweredByBatch => _verdict is Verdict.New or Verdict.RepeatsNew;

    /// <summary>The one in the same batch that it repeats.</summary>
    public SwipeOperation? Repeats { get; private set; }

    public static SwipeOperation Rent(ClusterShard shard, in IndexedSwipe swipe)
    {
        var operation = RentInstance();
        (operation._shard, operation.Swipe, operation._enqueuedAt) = (shard, swipe, Stopwatch.GetTimestamp());
        return operation;
    }

    /// <summary>Nobody has made this swipe before.</summary>
    public void BecomeNew()
    {
        _verdict = Verdict.New;
        Repeats = null;
        Matched = false;
    }

    /// <summary>Another operation of its batch made the swipe an instant ago.</summary>
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

    /// <summary>Its batch is committed and will answer it.</summary>
    public void Join(SwipeBatch batch) => _batch = batch;

    /// <summary>Everything that follows from it is durable.</summary>
    public void Answer() => Tell(
        static operation => operation.Settle(new SwipeReply(operation.Matched, Repeated: operation._verdict != Verdict.New)));

    /// <summary>It is recorded, but what follows from it could not be made durable yet.</summary>
    public void AnswerUnavailable() => Tell(static operation => operation.SettleFailed(NotYetComplete()));

    protected internal override void Execute(ShardWriter writer) => writer.Swipes.Add(this);

    protected override bool TryPublish(out Outcome<SwipeReply> result)
    {
        result = default;
        switch (_verdict)
        {
            case Verdict.New or Verdict.RepeatsNew:
                // From here on the operation is the batch's.
                _batch!.Told();
                return false;
            case Verdict.RepeatsOpen:
                if (Stopwatch.GetElapsedTime(_enqueuedAt) > _shard.Engine.Options.Deadline)
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

    // Who waits goes on within this call; what they make of it must not keep it from the others.
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
