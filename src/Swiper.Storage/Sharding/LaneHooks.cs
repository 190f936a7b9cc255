namespace Swiper.Storage.Sharding;

/// <summary>
/// What the owner of a lane does around a whole batch, on the lane's thread. Each <see cref="BatchStarting"/> is followed by
/// exactly one of <see cref="BatchCommitted"/> and <see cref="BatchFailed"/>.
/// </summary>
internal class LaneHooks<TWriter>
    where TWriter : ILaneWriter
{
    /// <summary>Before the transaction begins: batch-scoped state starts empty here.</summary>
    public virtual void BatchStarting(ReadOnlySpan<LaneOperation<TWriter>> batch)
    {
    }

    /// <summary>The batch is durable and no operation has been told yet: the place to publish it as one.</summary>
    public virtual void BatchCommitted(ReadOnlySpan<LaneOperation<TWriter>> batch)
    {
    }

    /// <summary>
    /// Nothing of the batch remains. After a storage failure its operations are told, or run again where the writer tries again;
    /// after any other they run again in smaller batches. Each time has a start of its own.
    /// </summary>
    public virtual void BatchFailed(ReadOnlySpan<LaneOperation<TWriter>> batch, Exception exception)
    {
    }

    /// <summary>Something threw that should not have: an operation, a completion, a hook. For the log; must not throw.</summary>
    public virtual void Faulted(Exception exception)
    {
    }
}
