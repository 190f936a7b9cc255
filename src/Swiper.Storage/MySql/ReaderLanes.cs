using Swiper.Core.Dispatch;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.MySql;

/// <summary>
/// The readers of a shard: a fixed number of lanes, each with its connection, so that waiting reads are batched and the number of
/// connections is bounded. Reads come from any thread and complete in no order. A lane that waits for the server blocks no thread.
/// </summary>
internal sealed class ReaderLanes<TReader> : IDisposable
    where TReader : MySqlLaneReader
{
    public const int DefaultCount = 2;

    private readonly ReaderLane<TReader>[] _lanes;

    /// <param name="open">Creates the reader of a lane.</param>
    /// <param name="count">The number of lanes.</param>
    /// <param name="completions">Surrounds the completions of a batch, on several threads concurrently.</param>
    /// <param name="faulted">Called with unexpected exceptions; must not throw.</param>
    public ReaderLanes(Func<TReader> open, int count = DefaultCount, ICompletionScope? completions = null,
        Action<Exception>? faulted = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        _lanes = [.. Enumerable.Range(0, count).Select(_ => new ReaderLane<TReader>(open(), completions, faulted ?? (static _ => { })))];
    }

    /// <summary>The sizes of the read batches, per lane.</summary>
    public IEnumerable<BatchSizes> BatchSizes => _lanes.Select(lane => lane.BatchSizes);

    /// <summary>How many reads have not completed yet; approximate under concurrent enqueues.</summary>
    public int Unfinished => _lanes.Sum(lane => lane.Unfinished);

    /// <summary>Enqueues a read to the least loaded lane. Never blocks, never throws.</summary>
    public void Enqueue(LaneOperation<TReader> operation)
    {
        var chosen = _lanes[0];
        var least = chosen.Unfinished;
        for (var i = 1; i < _lanes.Length && least > 0; i++)
        {
            var unfinished = _lanes[i].Unfinished;
            if (unfinished >= least)
                continue;
            least = unfinished;
            chosen = _lanes[i];
        }

        chosen.Enqueue(operation);
    }

    /// <summary>Completes queued reads, within a deadline; later reads fail.</summary>
    public void Stop()
    {
        foreach (var lane in _lanes)
            lane.Stop();
    }

    public void Dispose()
    {
        Stop();
        foreach (var lane in _lanes)
            lane.Reader.Dispose();
    }
}

/// <summary>
/// One reader and its queue: while a batch is being read the next one gathers. It runs on the thread pool, only while there is something
/// to read.
/// </summary>
internal sealed class ReaderLane<TReader>(TReader reader, ICompletionScope? completions, Action<Exception> faulted) : IThreadPoolWorkItem
    where TReader : MySqlLaneReader
{
    /// <summary>Past this size a batch gains little, and the first of it waits for the last.</summary>
    private const int MostReads = 1024;

    private readonly object _gate = new();
    private LaneOperation<TReader>[] _gathering = new LaneOperation<TReader>[64];
    private LaneOperation<TReader>[] _taken = new LaneOperation<TReader>[64];
    private int _gathered;
    private int _running;
    private bool _busy;
    private bool _stopped;

    public TReader Reader => reader;

    public BatchSizes BatchSizes { get; } = new();

    /// <summary>How many reads have not completed yet; approximate under concurrent enqueues.</summary>
    public int Unfinished => Volatile.Read(ref _gathered) + Volatile.Read(ref _running);

    public void Enqueue(LaneOperation<TReader> operation)
    {
        lock (_gate)
        {
            if (!_stopped)
            {
                if (_gathered == _gathering.Length)
                    Array.Resize(ref _gathering, _gathered * 2);
                _gathering[_gathered++] = operation;
                if (!_busy)
                {
                    _busy = true;
                    // Not on this thread: more reads may join before the first statement is sent.
                    ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
                }

                return;
            }
        }

        operation.Failed(new StoreUnavailableException("The reader has stopped."));
    }

    public void Stop()
    {
        lock (_gate)
        {
            _stopped = true;
            // Each call to the server has its own deadline.
            while (_busy)
                Monitor.Wait(_gate);
        }
    }

    void IThreadPoolWorkItem.Execute() => _ = WorkAsync();

    private async Task WorkAsync()
    {
        while (Take() is var count and > 0)
        {
            for (var start = 0; start < count; start += MostReads)
                await ReadAsync(_taken.AsMemory(start, Math.Min(MostReads, count - start))).ConfigureAwait(false);
            // The operations have been released, and the array must not keep them alive.
            Array.Clear(_taken, 0, count);
            Volatile.Write(ref _running, 0);
        }
    }

    private int Take()
    {
        lock (_gate)
        {
            if (_gathered == 0)
            {
                _busy = false;
                Monitor.PulseAll(_gate);
                return 0;
            }

            (_gathering, _taken) = (_taken, _gathering);
            (_running, _gathered) = (_gathered, 0);
            return _running;
        }
    }

    private async ValueTask ReadAsync(ReadOnlyMemory<LaneOperation<TReader>> batch)
    {
        Exception? failure = null;
        try
        {
            await reader.Server.RunAsync(reader.Connection, (reader, batch), static run => AttemptAsync(run.reader, run.batch))
                .ConfigureAwait(false);
            BatchSizes.Record(batch.Length);
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        if (failure is null || TransientErrors.KindOf(failure) != ShardFailure.None)
        {
            Tell(batch.Span, failure, unavailable: true);
        }
        else if (batch.Length == 1)
        {
            faulted(failure);
            Tell(batch.Span, failure, unavailable: false);
        }
        else
        {
            // Run each read on its own to find the one at fault.
            for (var i = 0; i < batch.Length; i++)
                await ReadAsync(batch.Slice(i, 1)).ConfigureAwait(false);
        }
    }

    private static async ValueTask AttemptAsync(TReader reader, ReadOnlyMemory<LaneOperation<TReader>> batch)
    {
        try
        {
            foreach (var operation in batch.Span)
                operation.Execute(reader);
            await reader.FlushAsync().ConfigureAwait(false);
        }
        catch
        {
            reader.Forget();
            throw;
        }
    }

    private void Tell(ReadOnlySpan<LaneOperation<TReader>> batch, Exception? failure, bool unavailable)
    {
        completions?.Begin();
        foreach (var operation in batch)
        {
            // Once completed, an operation may be in use again: don't touch it after this.
            try
            {
                if (failure is null)
                    operation.Committed();
                else
                    // One exception per operation: callers throw them concurrently.
                    operation.Failed(unavailable ? new StoreUnavailableException("The store is unavailable.", failure) : failure);
            }
            catch (Exception second)
            {
                faulted(second);
            }
        }

        completions?.End();
    }
}
