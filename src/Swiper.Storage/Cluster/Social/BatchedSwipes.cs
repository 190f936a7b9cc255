using System.Buffers;
using System.Diagnostics;
using Swiper.Core.Diagnostics;
using Swiper.Core.Dispatch;
using Swiper.Core.Social;
using Swiper.Storage.Redis;

namespace Swiper.Storage.Cluster.Social;

/// <summary>
/// How far a swipe of a committed batch is. States only move to the right:
/// <code>
/// dislike ───────────────────────────────────────────────────────────► Settled
/// like, superlike ─► Asking ─┬─ a like that is not returned ─────────► Settled
///                            ├─ a superlike that is not ► NoticeDue ─► Settled
///                            └─ returned ───────────────► MatchDue ──► Settled, or Matched
/// </code>
/// </summary>
internal enum SwipeState : byte
{
    /// <summary>Whether the other likes back is not known yet.</summary>
    Asking,

    /// <summary>The notice of a superlike is to be written.</summary>
    NoticeDue,

    /// <summary>The friendship is to be written, and the notice of a superlike.</summary>
    MatchDue,

    /// <summary>All that follows from it is durable.</summary>
    Settled,

    /// <summary>Settled, and this swipe completed the match.</summary>
    Matched,
}

/// <summary>The swipes of a batch: how far each is, and who waits for its outcome.</summary>
/// <remarks>
/// The arrays are rented, because they were most of what a batch allocated. An operation returns to its pool as soon as it is answered,
/// while the batch may go on: so everything else that the batch needs of a swipe is copied here.
/// </remarks>
internal sealed class BatchedSwipes
{
    private readonly IndexedSwipe[] _swipes;
    private readonly byte[] _states;
    private readonly SwipeOperation[] _waiting;
    private readonly SwipeOperation[] _repeats;
    private readonly int _count;
    private readonly int _waitingCount;

    // By swipe; null if none is sampled, and once they are answered: a store that is away is tried again and again.
    private Activity?[]? _spans;

    private BatchedSwipes(int count, int waiting, SwipeOperation[] repeats)
    {
        _swipes = ArrayPool<IndexedSwipe>.Shared.Rent(count);
        _states = ArrayPool<byte>.Shared.Rent(count);
        _waiting = waiting > 0 ? ArrayPool<SwipeOperation>.Shared.Rent(waiting) : [];
        _repeats = repeats;
        (_count, _waitingCount) = (count, waiting);
    }

    public int Count => _count;

    /// <summary>All of them, until they are <see cref="Recycle">recycled</see>.</summary>
    public ReadOnlyMemory<IndexedSwipe> All => _swipes.AsMemory(0, _count);

    /// <summary>The callers have been answered, some perhaps that the outcome is not known yet.</summary>
    public bool AreAnswered { get; private set; }

    public bool AreSettled => CountUntil(SwipeState.MatchDue) == 0;

    /// <summary>How many have not got beyond this state.</summary>
    public int CountUntil(SwipeState last)
    {
        var count = 0;
        for (var i = 0; i < _count; i++)
            count += StateOf(i) <= last ? 1 : 0;
        return count;
    }

    public ref readonly IndexedSwipe this[int index] => ref _swipes[index];

    /// <summary>The new swipes of a lane's batch, with the operations that wait for their outcome.</summary>
    /// <param name="swipes">One per pair, new or not.</param>
    /// <param name="repeats">Further swipes of the same pairs.</param>
    /// <param name="created">How many of the swipes are new.</param>
    public static BatchedSwipes Of(List<SwipeOperation> swipes, List<SwipeOperation> repeats, int created)
    {
        var batched = new BatchedSwipes(
            created, created, repeats.Count == 0 ? [] : [.. repeats.Where(repeat => repeat.IsAnsweredByBatch)]);
        var next = 0;
        foreach (var operation in swipes)
        {
            if (!operation.IsNew)
                continue;
            batched._waiting[next] = operation;
            if (operation.Span is { } span)
                (batched._spans ??= new Activity?[created])[next] = span;
            batched.Begin(next++, operation.Swipe, isSettled: false);
        }
        return batched;
    }

    /// <summary>The swipes of a batch found in the journal: nobody waits for them.</summary>
    public static BatchedSwipes Found(ReadOnlySpan<IndexedSwipe> swipes, ReadOnlySpan<bool> settled)
    {
        var batched = new BatchedSwipes(swipes.Length, waiting: 0, []);
        for (var i = 0; i < swipes.Length; i++)
            batched.Begin(i, swipes[i], settled[i]);
        return batched;
    }

    /// <summary>What the swipe is part of, where that is sampled.</summary>
    public Activity? SpanOf(int index) => _spans?[index];

    /// <summary>Adds a span to each sampled swipe, until it is answered.</summary>
    public void AddSpan(string name, long began, long ended, bool failed)
    {
        foreach (var span in _spans.AsSpan())
        {
            if (span is not null)
                Spans.Add(span, name, began, ended, failed);
        }
    }

    /// <summary>When the journal row that is to be written before they are answered was queued.</summary>
    public long ClosingSince { get; set; }

    public SwipeState StateOf(int index) => (SwipeState)Volatile.Read(ref _states[index]);

    public bool IsSettled(int index) => StateOf(index) >= SwipeState.Settled;

    /// <summary>The answer to whether the other likes back.</summary>
    public void SetLikedBack(int index, bool likedBack) => MoveTo(index,
        likedBack ? SwipeState.MatchDue : _swipes[index].Kind == SwipeKind.Superlike ? SwipeState.NoticeDue : SwipeState.Settled);

    public void MoveTo(int index, SwipeState state) => Volatile.Write(ref _states[index], (byte)state);

    /// <summary>The row of the journal that says which of them are settled.</summary>
    public byte[] PackRow()
    {
        var settled = new bool[_count];
        for (var i = 0; i < _count; i++)
            settled[i] = IsSettled(i);
        return JournalRow.Pack(All.Span, settled);
    }

    /// <summary>Answers every caller; those of unsettled swipes are told that the outcome is not known yet.</summary>
    public void Answer()
    {
        if (AreAnswered)
            return;
        AreAnswered = true;
        AddSpan("close", ClosingSince, Stopwatch.GetTimestamp(), failed: false);
        _spans = null;
        // Repeats first: an original may be in use again as soon as it is answered.
        foreach (var repeat in _repeats)
            Answer(repeat, _waiting.AsSpan(0, _waitingCount).IndexOf(repeat.Repeats!));
        for (var i = 0; i < _waitingCount; i++)
            Answer(_waiting[i], i);
        ReturnWaiting();
    }

    /// <summary>Tells every caller that the outcome is not known yet.</summary>
    public void AnswerUnavailable()
    {
        if (AreAnswered)
            return;
        AreAnswered = true;
        _spans = null;
        FlushScope.Enter();
        foreach (var repeat in _repeats)
            repeat.AnswerUnavailable();
        foreach (var operation in _waiting.AsSpan(0, _waitingCount))
            operation.AnswerUnavailable();
        FlushScope.Exit();
        ReturnWaiting();
    }

    /// <summary>Returns the arrays. Nothing may use this any more, a late answer of a store included.</summary>
    public void Recycle()
    {
        ArrayPool<IndexedSwipe>.Shared.Return(_swipes);
        ArrayPool<byte>.Shared.Return(_states);
    }

    private void Begin(int index, in IndexedSwipe swipe, bool isSettled)
    {
        _swipes[index] = swipe;
        _states[index] = (byte)(isSettled || swipe is { Kind: SwipeKind.Dislike } or { Change: not SwipeChange.Made }
            ? SwipeState.Settled : SwipeState.Asking);
    }

    private void Answer(SwipeOperation operation, int index)
    {
        if (IsSettled(index))
            operation.Answer(matched: StateOf(index) == SwipeState.Matched);
        else
            operation.AnswerUnavailable();
    }

    private void ReturnWaiting()
    {
        if (_waitingCount > 0)
            ArrayPool<SwipeOperation>.Shared.Return(_waiting, clearArray: true);
    }
}
