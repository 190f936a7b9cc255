using Swiper.Core.Diagnostics;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Core.Social;
using Swiper.Storage.Redis;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Cluster.Social;

/// <summary>
/// One request to swipe. The lane of the swiper's shard writes it together with others (<see cref="SwipeRows"/>) and finds out what it is:
/// <code>
/// new, or a repeat of a new one in its batch ─► answered by the SwipeBatch
/// a repeat of an earlier one that is closed ──► answered at once, with that one's outcome
/// a repeat of an earlier one that is open ────► queued again in a moment, until its deadline has passed
/// an earlier one is being taken back ──────────► queued again likewise
/// an earlier one had another kind ────────────► fails at once
/// a like beyond the day's likes ──────────────► fails at once
/// </code>
/// </summary>
internal sealed class SwipeOperation : PooledLaneOperation<SwipeOperation, ShardWriter, Outcome<SwipeReply>>
{
    private static readonly Failure RepeatSwipe = new(StatusCode.RepeatSwipe, "this person was swiped before, with another kind");
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMilliseconds(20);

    private SwipePath _path = null!;
    private Verdict _verdict;
    private bool _matched;
    private long _enqueuedAt;

    private enum Verdict : byte
    {
        New,
        RepeatsNew,
        Repeated,
        RepeatsOpen,
        OtherKind,
        OverQuota,
    }

    /// <summary>Its time is that which it was asked for at, until it is given another.</summary>
    public IndexedSwipe Swipe { get; private set; }

    /// <summary>When it was asked for.</summary>
    public long AskedAt { get; private set; }

    /// <summary>How many likes the user may make on its day; <see cref="int.MaxValue"/> if it is no like.</summary>
    public int MostLikes { get; private set; }

    /// <summary>It was recorded now, not before.</summary>
    public bool IsNew => _verdict == Verdict.New;

    /// <summary>The lane leaves it to the batch to answer it.</summary>
    public bool IsAnsweredByBatch => _verdict is Verdict.New or Verdict.RepeatsNew;

    /// <summary>The swipe in the same batch that it repeats.</summary>
    public SwipeOperation? Repeats { get; private set; }

    private ClusterShard Shard => _path.Shards.Of(Swipe.Uid);

    /// <summary>Sends a swipe on its way.</summary>
    public static ValueTask<Outcome<SwipeReply>> SendAsync(SwipePath path, in IndexedSwipe swipe, int mostLikes)
    {
        var operation = RentInstance();
        (operation._path, operation.Swipe, operation._enqueuedAt) = (path, swipe, TimeProvider.System.GetTimestamp());
        operation.AskedAt = swipe.At;
        operation.MostLikes = swipe.Kind == SwipeKind.Like ? mostLikes : int.MaxValue;
        var outcome = operation.AsValueTask();
        operation.Shard.Lane.Enqueue(operation, Spans.Current);
        return outcome;
    }

    /// <summary>Gives it its time, before it is written.</summary>
    public void GiveTime(long at) => Swipe = Swipe with { At = at };

    /// <summary>The swipe is new.</summary>
    public void BecomeNew()
    {
        _verdict = Verdict.New;
        Repeats = null;
    }

    /// <summary>Another operation of the same batch made the swipe.</summary>
    public void BecomeRepeatOf(SwipeOperation original)
    {
        _verdict = !original.IsNew ? Verdict.RepeatsOpen
            : original.Swipe.Kind == Swipe.Kind ? Verdict.RepeatsNew
            : Verdict.OtherKind;
        Repeats = original;
    }

    /// <summary>Nothing can be said of it yet.</summary>
    public void Defer()
    {
        _verdict = Verdict.RepeatsOpen;
        Repeats = null;
    }

    /// <summary>The user has no like left on its day.</summary>
    public void BecomeOverQuota()
    {
        _verdict = Verdict.OverQuota;
        Repeats = null;
    }

    /// <summary>The swipe was made before.</summary>
    public void BecomeRepeat(SwipeKind madeWith, bool isOpen, bool matched)
    {
        _verdict = madeWith != Swipe.Kind ? Verdict.OtherKind : isOpen ? Verdict.RepeatsOpen : Verdict.Repeated;
        Repeats = null;
        _matched = matched;
    }

    /// <summary>All that follows from it is durable. Don't touch it afterwards.</summary>
    public void Answer(bool matched) => Complete(new SwipeReply(matched, Repeated: !IsNew), failure: null);

    /// <summary>It is recorded, but what follows from it is not durable yet. Don't touch it afterwards.</summary>
    public void AnswerUnavailable() => Complete(default, NotYetComplete());

    protected internal override void Execute(ShardWriter writer) => writer.Swipes.Add(this);

    protected override bool TryPublish(out Outcome<SwipeReply> result)
    {
        result = default;
        switch (_verdict)
        {
            case Verdict.New or Verdict.RepeatsNew:
                return false;
            case Verdict.RepeatsOpen:
                if (TimeProvider.System.GetElapsedTime(_enqueuedAt) > _path.Options.Deadline)
                    throw NotYetComplete();
                _ = AskAgainAsync();
                return false;
            case Verdict.OtherKind:
                result = RepeatSwipe;
                return true;
            case Verdict.OverQuota:
                result = SwipeRules.LikeQuota;
                return true;
            default:
                result = new SwipeReply(_matched, Repeated: true);
                return true;
        }
    }

    protected override void Clear() => Repeats = null;

    // Real time, whatever the clock says, which does not drive the stores.
    private async Task AskAgainAsync()
    {
        await Task.Delay(AskAgainAfter).ConfigureAwait(false);
        Shard.Lane.Enqueue(this, Span);
    }

    // The caller continues inside this call; its exception must not keep the others of the batch from being answered.
    private void Complete(in SwipeReply reply, StoreUnavailableException? failure)
    {
        var shard = Shard;
        try
        {
            if (failure is null)
                Settle(reply);
            else
                SettleFailed(failure);
        }
        catch (Exception exception)
        {
            shard.Faulted(exception);
        }
    }

    private static StoreUnavailableException NotYetComplete() => new("The swipe is recorded, what follows from it not yet.");
}
