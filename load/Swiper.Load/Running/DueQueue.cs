using System.Threading.Tasks.Sources;

namespace Swiper.Load.Running;

/// <summary>
/// The requests of one connection that are due and not yet sent. A free taker gets the oldest, or waits if the queue is empty.
/// Allocates only when the queue grows beyond its previous maximum.
/// </summary>
internal sealed class DueQueue
{
    /// <summary>Returned instead of a time when no more requests will be due.</summary>
    public const long Over = long.MinValue;

    private readonly Lock _gate = new();
    private readonly Queue<long> _due = [];
    private readonly Stack<Taker> _waiting = [];
    private bool _isFinished;

    /// <summary>Adds a due request. A waiting taker continues inline, on this thread.</summary>
    public void Offer(long due)
    {
        Taker? taker;
        lock (_gate)
        {
            if (!_waiting.TryPop(out taker))
                _due.Enqueue(due);
        }
        taker?.Give(due);
    }

    /// <summary>The due time of the next request; <see cref="Over"/> after the last.</summary>
    public ValueTask<long> TakeAsync(Taker taker)
    {
        lock (_gate)
        {
            if (_due.TryDequeue(out var due))
                return new(due);
            if (_isFinished)
                return new(Over);
            _waiting.Push(taker);
            return taker.Wait();
        }
    }

    /// <summary>Marks the end: no more requests will be due.</summary>
    public void Finish()
    {
        Taker[] waiting;
        lock (_gate)
        {
            _isFinished = true;
            waiting = [.. _waiting];
            _waiting.Clear();
        }
        foreach (var taker in waiting)
            taker.Give(Over);
    }

    /// <summary>Removes and returns the requests not yet taken.</summary>
    public IReadOnlyList<long> Abandon()
    {
        lock (_gate)
        {
            long[] left = [.. _due];
            _due.Clear();
            return left;
        }
    }
}

/// <summary>Takes requests from a <see cref="DueQueue"/>, one at a time; a reusable awaitable.</summary>
internal sealed class Taker : IValueTaskSource<long>
{
    private ManualResetValueTaskSourceCore<long> _core;

    public ValueTask<long> Wait()
    {
        _core.Reset();
        return new(this, _core.Version);
    }

    public void Give(long due) => _core.SetResult(due);

    long IValueTaskSource<long>.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<long>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<long>.OnCompleted(Action<object?> continuation, object? state, short token,
        ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
