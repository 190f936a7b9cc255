using Swiper.Core.Dispatch;

namespace Swiper.Storage.Sharding;

/// <summary>
/// Group commit: one thread takes whatever has been queued, commits it in one transaction and completes every operation, while the next
/// batch gathers. There is no timer: a lone write is committed at once, and the busier the lane the larger its batches. Operations take
/// effect in the order queued.
/// </summary>
/// <remarks>
/// <code>
/// Enqueue (any thread) -> gathering --swap--> taken -> Starting, Begin, Execute..., Commit -> BatchCommitted, Committed..., BatchReleased
///                                                      |- store stumbled: rollback, again where the writer says so
///                                                      `- store at fault: rollback, all failed, the next batch is tried
///                                                      `- operation threw: rollback, run again around it (LaneBatch)
/// </code>
/// </remarks>
internal sealed class Lane<TWriter> : IDisposable
    where TWriter : ILaneWriter
{
    /// <summary>Past this size a batch gains little, and the first of it waits for the last.</summary>
    public const int DefaultMaxBatch = 1024;

    private readonly object _gate = new();
    private readonly LaneBatch<TWriter> _batch;
    private readonly Thread _thread;
    private readonly string _name;
    private readonly int _maxBatch;
    private LaneOperation<TWriter>[] _gathering = new LaneOperation<TWriter>[64];
    private LaneOperation<TWriter>[] _taken = new LaneOperation<TWriter>[64];
    private int _gathered;
    private int _running;
    private bool _idle;
    private bool _stopping;

    /// <param name="name">Names the thread.</param>
    /// <param name="writer">Owned by the lane's thread until <see cref="Stop"/> has returned.</param>
    /// <param name="hooks">What the owner does around a batch.</param>
    /// <param name="completions">Surrounds the completions of a batch.</param>
    /// <param name="maxBatch">The most operations in one transaction.</param>
    public Lane(string name, TWriter writer, LaneHooks<TWriter>? hooks = null, ICompletionScope? completions = null,
        int maxBatch = DefaultMaxBatch)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBatch, 1);
        _name = name;
        _maxBatch = maxBatch;
        _batch = new LaneBatch<TWriter>(writer, hooks ?? new LaneHooks<TWriter>(), completions);
        _thread = new Thread(Work) { Name = name, IsBackground = true };
        _thread.Start();
    }

    /// <summary>The sizes of committed batches.</summary>
    public BatchSizes BatchSizes => _batch.Sizes;

    /// <summary>How many operations wait for the batch after the current one.</summary>
    public int Queued => Volatile.Read(ref _gathered);

    /// <summary>How many operations have not completed yet, the current batch included; approximate under concurrent enqueues.</summary>
    public int Unfinished => Volatile.Read(ref _gathered) + Volatile.Read(ref _running);

    /// <summary>Queues an operation, which the lane owns until it completes. Never blocks, never throws.</summary>
    public void Enqueue(LaneOperation<TWriter> operation)
    {
        lock (_gate)
        {
            if (!_stopping)
            {
                if (_gathered == _gathering.Length)
                    Array.Resize(ref _gathering, _gathered * 2);
                _gathering[_gathered++] = operation;
                if (_idle)
                {
                    // One wake-up per batch: while the lane is busy, enqueuing costs none.
                    _idle = false;
                    Monitor.Pulse(_gate);
                }

                return;
            }
        }

        operation.Failed(new StoreUnavailableException($"The lane {_name} has stopped."));
    }

    /// <summary>Commits what is queued, then ends the thread; later operations fail. May be called again.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _stopping = true;
            Monitor.Pulse(_gate);
        }

        // A completion that stops its own lane can't wait for itself.
        if (Thread.CurrentThread != _thread)
            _thread.Join();
    }

    public void Dispose() => Stop();

    private void Work()
    {
        while (Take() is var count and > 0)
        {
            for (var start = 0; start < count; start += _maxBatch)
                _batch.Run(_taken.AsMemory(start, Math.Min(_maxBatch, count - start)));
            // The operations have been released, and the array must not keep them alive.
            Array.Clear(_taken, 0, count);
            Volatile.Write(ref _running, 0);
        }
    }

    /// <summary>Waits for operations and swaps them into <see cref="_taken"/>; 0 once stopped and drained.</summary>
    private int Take()
    {
        lock (_gate)
        {
            while (_gathered == 0)
            {
                if (_stopping)
                    return 0;
                _idle = true;
                Monitor.Wait(_gate);
            }

            _idle = false;
            (_gathering, _taken) = (_taken, _gathering);
            var count = _gathered;
            _running = count;
            _gathered = 0;
            return count;
        }
    }
}
