namespace Swiper.Load.Running;

/// <summary>
/// The requests of one connection that are due and not sent: whoever is free takes the oldest, and whoever comes to an empty queue
/// waits. Allocates nothing but what the longest queue needs.
/// </summary>
internal sealed class DueQueue
{
    /// <summary>In place of a time: there will be no more.</summary>
    public const long Over = long.MinValue;

    private readonly Lock _gate = new();
    private readonly Queue<long> _due = [];
    private readonly Stack<Taker> _waiting = [];
    private bool _isFinished;

    /// <summary>A request is due. Where somebody waits for it, they go on here, on this thread.</summary>
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

    /// <summary>When the next request was due; <see cref="Over"/> after the last.</summary>
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

    /// <summary>Nothing more will be due.</summary>
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

    /// <summary>Takes back what nobody has taken.</summary>
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
