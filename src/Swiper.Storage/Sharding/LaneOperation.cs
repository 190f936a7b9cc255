using System.Diagnostics;

namespace Swiper.Storage.Sharding;

/// <summary>
/// One write in a lane. It completes exactly once, on the lane's thread (or, once the lane has stopped, on the enqueuer's), and the lane
/// doesn't touch it afterwards: it may be pooled.
/// </summary>
internal abstract class LaneOperation<TWriter>
{
    /// <summary>What it is part of, where that is sampled.</summary>
    public Activity? Span { get; private set; }

    /// <summary>When it was queued, from <see cref="Stopwatch.GetTimestamp"/>; only where it is part of a span.</summary>
    public long QueuedAt { get; private set; }

    /// <summary>It is about to be queued as part of the span, or with null will not be any more.</summary>
    public void BePartOf(Activity? span)
    {
        Span = span;
        if (span is not null)
            QueuedAt = Stopwatch.GetTimestamp();
    }

    /// <summary>
    /// Writes inside the batch's transaction; sees what earlier operations of the batch wrote. Must be repeatable, because the batch is
    /// rolled back and run again if another operation throws or the store fails transiently (<see cref="ILaneWriter.Run"/>): set fields,
    /// never add to them; the hook for a failed batch undoes changes outside the writer. After an interrupted commit, what it wrote may be
    /// there already. An exception that is not a storage failure fails only this operation.
    /// </summary>
    protected internal abstract void Execute(TWriter writer);

    /// <summary>The operation is durable.</summary>
    protected internal abstract void Committed();

    /// <summary>
    /// The operation did not happen; a <see cref="Core.Dispatch.StoreUnavailableException"/> means that a retry is sensible. The one
    /// exception: if publishing failed after the commit it did happen, and <see cref="LaneHooks{TWriter}.Faulted"/> was called.
    /// </summary>
    protected internal abstract void Failed(Exception exception);
}
