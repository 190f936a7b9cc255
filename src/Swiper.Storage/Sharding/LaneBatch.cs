using Swiper.Core.Dispatch;

namespace Swiper.Storage.Sharding;

/// <summary>
/// Runs a lane's batches, one at a time, on its thread: every operation of a batch is told exactly once how it ended, and nothing
/// that an operation throws reaches another one.
/// </summary>
internal sealed class LaneBatch<TWriter>
    where TWriter : ILaneWriter
{
    private const int Nobody = -1;

    private readonly TWriter _writer;
    private readonly LaneHooks<TWriter> _hooks;
    private readonly ICompletionScope? _completions;
    private readonly Action _attempt;
    private ReadOnlyMemory<LaneOperation<TWriter>> _attempted;
    private int _culprit;
    private bool _rollbackFailed;

    public LaneBatch(TWriter writer, LaneHooks<TWriter> hooks, ICompletionScope? completions)
    {
        _writer = writer;
        _hooks = hooks;
        _completions = completions;
        _attempt = Attempt;
    }

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

    public void Run(ReadOnlyMemory<LaneOperation<TWriter>> batch)
    {
        while (!batch.IsEmpty)
        {
            var outcome = Commit(batch, out var culprit, out var exception);
            if (outcome == Outcome.Settled)
                return;
            if (batch.Length == 1)
            {
                _hooks.Faulted(exception!);
                Tell(batch.Span, exception);
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

    private Outcome Commit(ReadOnlyMemory<LaneOperation<TWriter>> batch, out int culprit, out Exception? exception)
    {
        _attempted = batch;
        _culprit = Nobody;
        _rollbackFailed = false;
        try
        {
            _writer.Run(_attempt);
        }
        catch (Exception thrown)
        {
            culprit = _culprit;
            exception = thrown;
            // After a rollback that failed, running again is pointless.
            if (!_rollbackFailed && !_writer.IsStorageFailure(thrown))
                return culprit == Nobody ? Outcome.SomethingThrew : Outcome.OperationThrew;
            Tell(batch.Span, thrown, unavailable: true);
            return Outcome.Settled;
        }
        finally
        {
            _attempted = default;
        }

        culprit = Nobody;
        exception = null;
        Sizes.Record(batch.Length);
        Publish(batch.Span);
        return Outcome.Settled;
    }

    private void Attempt()
    {
        var batch = _attempted.Span;
        _culprit = Nobody;
        _rollbackFailed = false;
        try
        {
            _hooks.BatchStarting(batch);
            _writer.Begin();
            for (var i = 0; i < batch.Length; i++)
            {
                _culprit = i;
                batch[i].Execute(_writer);
            }

            _culprit = Nobody;
            _writer.Commit();
        }
        catch (Exception thrown)
        {
            Undo(batch, thrown);
            throw;
        }
    }

    private void Undo(ReadOnlySpan<LaneOperation<TWriter>> batch, Exception thrown)
    {
        try
        {
            _writer.Rollback();
        }
        catch (Exception second)
        {
            // The transaction may still be open; the next Begin sees to it.
            _rollbackFailed = true;
            _hooks.Faulted(second);
        }

        try
        {
            _hooks.BatchFailed(batch, thrown);
        }
        catch (Exception second)
        {
            _hooks.Faulted(second);
        }
    }

    private void Publish(ReadOnlySpan<LaneOperation<TWriter>> batch)
    {
        try
        {
            _hooks.BatchCommitted(batch);
        }
        catch (Exception exception)
        {
            _hooks.Faulted(exception);
            Tell(batch, exception);
            return;
        }

        Tell(batch, null);
    }

    /// <summary>Tells each operation that it is durable, or why it is not.</summary>
    private void Tell(ReadOnlySpan<LaneOperation<TWriter>> batch, Exception? exception, bool unavailable = false)
    {
        _completions?.Begin();
        foreach (var operation in batch)
        {
            // From here on the operation may already be in use again: nothing of it is touched after it has been told.
            try
            {
                if (exception is null)
                    operation.Committed();
                else
                    // One exception each: several callers throw them at the same time.
                    operation.Failed(unavailable ? new StoreUnavailableException("The store is unavailable.", exception) : exception);
            }
            catch (Exception second)
            {
                _hooks.Faulted(second);
            }
        }

        _completions?.End();
    }
}
