using System.Diagnostics;
using Swiper.Core.Dispatch;
using Swiper.Storage.Metrics;

namespace Swiper.Storage.Sharding;

/// <summary>
/// Group commit: whatever has been queued is committed in one transaction, and every operation of it completed, while the next batch
/// gathers. There is no timer: a lone write is committed at once, and the busier the lane the larger its batches. Operations take effect
/// in the order queued. Lanes share their threads, and one thread at a time works for a lane.
/// </summary>
/// <remarks>
/// <code>
/// Enqueue (any thread) -> gathering --swap--> taken -> Starting, Begin, Execute..., Commit -> BatchCommitted, Committed..., BatchReleased
///                                                      |- store stumbled: rollback, again where the writer says so
///                                                      `- store at fault: rollback, all failed, the next batch is tried
///                                                      `- operation threw: rollback, run again around it (LaneBatch)
/// </code>
/// </remarks>
internal sealed class Lane<TWriter> : ILaneWork, IDisposable
    where TWriter : ILaneWriter
{
    /// <summary>Past this size a batch gains little, and the first of it waits for the last.</summary>
    public const int DefaultMaxBatch = 1024;

    private readonly object _gate = new();
    private readonly LaneThreads _threads;
    private readonly LaneBatch<TWriter> _batch;
    private readonly string _name;
    private readonly int _maxBatch;
    private readonly TimeProvider _clock;
    private LaneOperation<TWriter>[] _gathering = new LaneOperation<TWriter>[64];
    private LaneOperation<TWriter>[] _taken = new LaneOperation<TWriter>[64];
    private int _gathered;
    private int _running;
    private long _batchBegan;
    private bool _idle = true;
    private bool _stopping;
    private Thread? _worker;

    /// <param name="name">The lane's name in errors.</param>
    /// <param name="threads">Those that work for it.</param>
    /// <param name="writer">Owned by whichever thread works for the lane, until <see cref="Stop"/> has returned.</param>
    /// <param name="hooks">What the owner does around a batch.</param>
    /// <param name="completions">Surrounds the completions of a batch.</param>
    /// <param name="maxBatch">The most operations in one transaction.</param>
    /// <param name="meter">Told of each committed batch.</param>
    /// <param name="clock">Says how long a batch has been at work; the real one, where nothing is said.</param>
    public Lane(string name, LaneThreads threads, TWriter writer, LaneHooks<TWriter>? hooks = null, ICompletionScope? completions = null,
        int maxBatch = DefaultMaxBatch, LaneMeter? meter = null, TimeProvider? clock = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBatch, 1);
        _name = name;
        _threads = threads;
        _maxBatch = maxBatch;
        _clock = clock ?? TimeProvider.System;
        _batch = new LaneBatch<TWriter>(name, writer, hooks ?? new LaneHooks<TWriter>(), completions, meter);
    }

    /// <summary>The sizes of committed batches.</summary>
    public BatchSizes BatchSizes => _batch.Sizes;

    /// <summary>How many operations wait for the batch after the current one.</summary>
    public int Queued => Volatile.Read(ref _gathered);

    /// <summary>How many operations have not completed yet, the current batch included; approximate under concurrent enqueues.</summary>
    public int Unfinished => Volatile.Read(ref _gathered) + Volatile.Read(ref _running);

    /// <summary>How long the current batch has been at work; zero between batches.</summary>
    public TimeSpan AtWorkFor =>
        Volatile.Read(ref _batchBegan) is not 0 and var began ? _clock.GetElapsedTime(began) : TimeSpan.Zero;

    /// <summary>Queues an operation, which the lane owns until it completes. Never blocks, never throws.</summary>
    /// <param name="operation">What it is to do.</param>
    /// <param name="span">What that is part of, where it is sampled.</param>
    public void Enqueue(LaneOperation<TWriter> operation, Activity? span = null)
    {
        operation.BePartOf(span);
        bool stopped, wasIdle = false;
        lock (_gate)
        {
            stopped = _stopping;
            if (!stopped)
            {
                if (_gathered == _gathering.Length)
                    Array.Resize(ref _gathering, _gathered * 2);
                _gathering[_gathered++] = operation;
                // One wake-up per batch: while the lane is busy, enqueuing costs none.
                wasIdle = _idle;
                _idle = false;
            }
        }

        if (wasIdle)
            _threads.Queue(this);
        else if (stopped)
            operation.Failed(new StoreUnavailableException($"The lane {_name} has stopped."));
    }

    /// <summary>Commits what is queued; later operations fail. May be called again.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _stopping = true;
            // A completion that stops its own lane can't wait for itself.
            while (!_idle && _worker != Thread.CurrentThread)
                Monitor.Wait(_gate);
        }
    }

    public void Dispose() => Stop();

    bool ILaneWork.Run()
    {
        int count;
        lock (_gate)
        {
            (_gathering, _taken) = (_taken, _gathering);
            (count, _gathered) = (_gathered, 0);
            _running = count;
            _worker = Thread.CurrentThread;
        }

        for (var start = 0; start < count; start += _maxBatch)
        {
            Volatile.Write(ref _batchBegan, _clock.GetTimestamp());
            _batch.Run(_taken.AsMemory(start, Math.Min(_maxBatch, count - start)));
        }

        Volatile.Write(ref _batchBegan, 0);
        // The operations have been released, and the array must not keep them alive.
        Array.Clear(_taken, 0, count);
        lock (_gate)
        {
            _running = 0;
            _worker = null;
            _idle = _gathered == 0;
            if (_idle && _stopping)
                Monitor.PulseAll(_gate);
            return !_idle;
        }
    }
}
