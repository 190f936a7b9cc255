using System.Diagnostics;
using Swiper.Core.Dispatch;
using Swiper.Storage.Metrics;

namespace Swiper.Storage.Sharding;

/// <summary>
/// Runs a lane's batches, one at a time, on its thread: every operation of a batch completes exactly once, and nothing that one operation
/// throws affects another.
/// </summary>
internal sealed class LaneBatch<TWriter>
    where TWriter : ILaneWriter
{
    private const int Nobody = -1;

    private readonly string _lane;
    private readonly TWriter _writer;
    private readonly LaneHooks<TWriter> _hooks;
    private readonly ICompletionScope? _completions;
    private readonly LaneMeter? _meter;
    private readonly Action _attempt;
    private ReadOnlyMemory<LaneOperation<TWriter>> _attempted;
    private int _culprit;
    private bool _rollbackFailed;
    private BatchTimes _times;

    public LaneBatch(string lane, TWriter writer, LaneHooks<TWriter> hooks, ICompletionScope? completions, LaneMeter? meter)
    {
        _lane = lane;
        _writer = writer;
        _hooks = hooks;
        _completions = completions;
        _meter = meter;
        _attempt = Attempt;
    }

    private enum Outcome
    {
        /// <summary>Every operation has completed.</summary>
        Settled,

        /// <summary>Rolled back: one operation threw.</summary>
        OperationThrew,

        /// <summary>Rolled back: something threw that can't be attributed to one operation.</summary>
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
                // Run each in a transaction of its own to find the one at fault.
                for (var i = 0; i < batch.Length; i++)
                    Run(batch.Slice(i, 1));
                return;
            }

            // Keep the order: those before it, it alone (the others may have caused its failure), those after it.
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
        var began = Stopwatch.GetTimestamp();
        try
        {
            _writer.Run(_attempt);
        }
        catch (Exception thrown)
        {
            culprit = _culprit;
            exception = thrown;
            // After a failed rollback, running again is pointless.
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
        _meter?.Committed(batch.Length, Stopwatch.GetElapsedTime(began));
        Publish(batch.Span);
        return Outcome.Settled;
    }

    private void Attempt()
    {
        var batch = _attempted.Span;
        var began = Stopwatch.GetTimestamp();
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
        finally
        {
            _times = new BatchTimes(began, Stopwatch.GetTimestamp());
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
            // The transaction may still be open; the next Begin handles that.
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

    /// <summary>Completes each operation as durable, or with the reason it is not.</summary>
    private void Tell(ReadOnlySpan<LaneOperation<TWriter>> batch, Exception? exception, bool unavailable = false)
    {
        BatchSpans.Add(_lane, batch, _times, failed: exception is not null);
        _completions?.Begin();
        BatchTimes.Completing = _times;
        foreach (var operation in batch)
        {
            // Once completed, an operation may be in use again: don't touch it after this.
            try
            {
                if (exception is null)
                    operation.Committed();
                else
                    // One exception per operation: callers throw them concurrently.
                    operation.Failed(unavailable ? new StoreUnavailableException("The store is unavailable.", exception) : exception);
            }
            catch (Exception second)
            {
                _hooks.Faulted(second);
            }
        }

        BatchTimes.Completing = default;
        // Before the replies are flushed: the owner's next step must not wait for that.
        if (exception is null)
            Release();
        _completions?.End();
    }

    private void Release()
    {
        try
        {
            _hooks.BatchReleased();
        }
        catch (Exception exception)
        {
            _hooks.Faulted(exception);
        }
    }
}
