namespace Swiper.Storage.Sharding;

/// <summary>
/// One write on its way through a lane. It is told exactly once how it ended, on the lane's thread (or, once the lane has
/// stopped, on the enqueuer's), and the lane doesn't touch it afterwards: it may be pooled.
/// </summary>
internal abstract class LaneOperation<TWriter>
{
    /// <summary>
    /// Writes inside the batch's transaction; what earlier operations of the batch wrote is visible. It must be repeatable,
    /// because the batch is rolled back and run again where another operation throws, and where the store stumbled
    /// (<see cref="ILaneWriter.Run"/>): it sets its own fields, never adds to them, and what it changes outside the writer, the hook
    /// for a failed batch undoes. Where a commit was cut off, what it wrote may be there already.
    /// An exception that is no storage failure fails this operation alone.
    /// </summary>
    protected internal abstract void Execute(TWriter writer);

    /// <summary>It is durable.</summary>
    protected internal abstract void Committed();

    /// <summary>
    /// It did not happen. A <see cref="Core.Dispatch.StoreUnavailableException"/> says that trying again is sensible. Only where
    /// publishing failed after the commit has it happened all the same, and then <see cref="LaneHooks{TWriter}.Faulted"/> was told.
    /// </summary>
    protected internal abstract void Failed(Exception exception);
}
