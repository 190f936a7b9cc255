namespace Swiper.Storage.Sharding;

/// <summary>
/// The lane owner's callbacks around a batch, on the lane's thread. Each <see cref="BatchStarting"/> is followed by exactly one of
/// <see cref="BatchCommitted"/> and <see cref="BatchFailed"/>, and the former by <see cref="BatchReleased"/> unless it threw.
/// </summary>
internal class LaneHooks<TWriter>
    where TWriter : ILaneWriter
{
    /// <summary>Before the transaction begins: reset batch-scoped state here.</summary>
    public virtual void BatchStarting(ReadOnlySpan<LaneOperation<TWriter>> batch)
    {
    }

    /// <summary>The batch is durable and no operation has completed yet: publish it as a whole here.</summary>
    public virtual void BatchCommitted(ReadOnlySpan<LaneOperation<TWriter>> batch)
    {
    }

    /// <summary>
    /// The lane no longer uses the operations of the committed batch: from now on its owner may complete those that the lane did not.
    /// </summary>
    public virtual void BatchReleased()
    {
    }

    /// <summary>
    /// The batch was rolled back. After a storage failure its operations fail, or run again if the writer retries; after any other failure
    /// they run again in smaller batches. Each run has its own <see cref="BatchStarting"/>.
    /// </summary>
    public virtual void BatchFailed(ReadOnlySpan<LaneOperation<TWriter>> batch, Exception exception)
    {
    }

    /// <summary>An unexpected exception of an operation, a completion or a hook. For the log; must not throw.</summary>
    public virtual void Faulted(Exception exception)
    {
    }
}
