using Swiper.Core.Dispatch;

namespace Swiper.Storage.Sharding;

/// <summary>
/// Runs a lane's batches, one at a time, on its thread: every operation of a batch is told exactly once how it ended, and nothing
/// that an operation throws reaches another one.
/// </summary>
internal sealed class LaneBatch<TWriter>(TWriter writer, LaneHooks<TWriter> hooks, ICompletionScope? completions)
    where TWriter : ILaneWriter
{
    private enum Outcome
    {
        /// <summary>Every operation has been told.</summary>
        Settled,

        /// <summary>Rolled back: one operation threw.</summary>
        OperationThrew,

        /// <summary>Rolled back: something threw that can't be laid at one operation's door.</summary>
        SomethingThrew,
    }

    public BatchSizes Sizes { get; } = new();

    public void Run(ReadOnlySpan<LaneOperation<TWriter>> batch)
    {
        while (!batch.IsEmpty)
        {
            var outcome = Attempt(batch, out var culprit, out var exception);
            if (outcome == Outcome.Settled)
                return;
            if (batch.Length == 1)
            {
                hooks.Faulted(exception!);
                Tell(batch, exception);
                return;
            }

            if (outcome == Outcome.SomethingThrew)
            {
                // Whose fault it is shows when each has a transaction of its own.
                for (var i = 0; i < batch.Length; i++)
                    Run(batch.Slice(i, 1));
                return;
            }

            // The order stays: those before it, it alone (it may have tripped over the others), those after it.
            Run(batch[..culprit]);
            Run(batch.Slice(culprit, 1));
            batch = batch[(culprit + 1)..];
        }
    }

    private Outcome Attempt(ReadOnlySpan<LaneOperation<TWriter>> batch, out int culprit, out Exception? exception)
    {
        const int Nobody = -1;
        culprit = Nobody;
        try
        {
            hooks.BatchStarting(batch);
            writer.Begin();
            for (culprit = 0; culprit < batch.Length; culprit++)
                batch[culprit].Execute(writer);
            culprit = Nobody;
            writer.Commit();
        }
        catch (Exception thrown)
        {
            exception = thrown;
            return Undo(batch, thrown) ? Outcome.Settled : culprit == Nobody ? Outcome.SomethingThrew : Outcome.OperationThrew;
        }

        exception = null;
        Sizes.Record(batch.Length);
        Publish(batch);
        return Outcome.Settled;
    }

    /// <summary>Rolls back; true where the store was at fault, and then all have been told.</summary>
    private bool Undo(ReadOnlySpan<LaneOperation<TWriter>> batch, Exception thrown)
    {
        var storageFailure = writer.IsStorageFailure(thrown);
        try
        {
            writer.Rollback();
        }
        catch (Exception second)
        {
            // The transaction may still be open; the next Begin sees to it. Running again is pointless.
            storageFailure = true;
            hooks.Faulted(second);
        }

        try
        {
            hooks.BatchFailed(batch, thrown);
        }
        catch (Exception second)
        {
            hooks.Faulted(second);
        }

        if (storageFailure)
            Tell(batch, thrown, unavailable: true);
        return storageFailure;
    }

    private void Publish(ReadOnlySpan<LaneOperation<TWriter>> batch)
    {
        try
        {
            hooks.BatchCommitted(batch);
        }
        catch (Exception exception)
        {
            hooks.Faulted(exception);
            Tell(batch, exception);
            return;
        }

        Tell(batch, null);
    }

    /// <summary>Tells each operation that it is durable, or why it is not.</summary>
    private void Tell(ReadOnlySpan<LaneOperation<TWriter>> batch, Exception? exception, bool unavailable = false)
    {
        completions?.Begin();
        foreach (var operation in batch)
        {
            // From here on the operation may already be in use again: nothing of it is touched after it has been told.
            try
            {
                if (exception is null)
                    operation.Committed();
                else
                    // One exception each: several callers throw them at the same time.
                    operation.Failed(unavailable ? new StoreUnavailableException("The store can't be written now.", exception) : exception);
            }
            catch (Exception second)
            {
                hooks.Faulted(second);
            }
        }

        completions?.End();
    }
}
