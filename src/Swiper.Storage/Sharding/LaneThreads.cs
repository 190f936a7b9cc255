namespace Swiper.Storage.Sharding;

/// <summary>What a lane does on one of the threads that lanes share.</summary>
internal interface ILaneWork
{
    /// <summary>Commits what has been queued; returns whether more has been queued meanwhile. Must not throw.</summary>
    bool Run();
}

/// <summary>
/// The threads of an engine's lanes, which block while a store commits. Lanes with work wait in one queue, and each is run for a turn: a
/// busy lane goes to the end of the queue again. There are as many threads as lanes had work at the same time, up to a few; more are
/// started only where a lane has waited too long, because the stores of others are slow or hang: never more than lanes have work. So a
/// shard that hangs holds one thread, and holds up no other shard. Threads that have had no work for a while end, but for one.
/// </summary>
internal sealed class LaneThreads : IDisposable
{
    /// <summary>A commit mostly waits for a disk or a server: that many at once keep both busy.</summary>
    private const int Few = 8;

    /// <summary>Many times as long as a commit takes, and short to somebody who waits for an answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan DefaultIdleTime = TimeSpan.FromSeconds(20);

    private readonly object _gate = new();
    private readonly Queue<(ILaneWork Lane, long Since)> _waiting = new();
    private readonly TimeSpan _idleTime;
    private readonly Timer _impatience;
    private int _threads;

    // Those that will look at the queue next, those that begin included.
    private int _idle;
    private bool _impatient;
    private bool _stopping;

    /// <param name="idleTime">How long a thread waits for work before it ends.</param>
    public LaneThreads(TimeSpan? idleTime = null)
    {
        _idleTime = idleTime ?? DefaultIdleTime;
        _impatience = new Timer(static threads => ((LaneThreads)threads!).Relieve(), this, Timeout.Infinite, Timeout.Infinite);
        lock (_gate)
            Start();
    }

    /// <summary>How many threads there are now.</summary>
    public int Count => Volatile.Read(ref _threads);

    /// <summary>Has the lane run. It must not be waiting or running already.</summary>
    public void Queue(ILaneWork lane)
    {
        lock (_gate)
        {
            _waiting.Enqueue((lane, Environment.TickCount64));
            if (_waiting.Count <= _idle)
                Monitor.Pulse(_gate);
            else if (_threads < Few)
                Start();
            else
                Watch();
        }
    }

    /// <summary>Ends the threads once no lane waits. Stop the lanes first.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _stopping = true;
            Monitor.PulseAll(_gate);
        }

        _impatience.Dispose();
    }

    private void Start()
    {
        try
        {
            // Without the context of the request that happens to need it.
            new Thread(Work) { Name = "lanes", IsBackground = true }.UnsafeStart();
        }
        catch (OutOfMemoryException) when (_threads > 0)
        {
            // The system grants no more: lanes wait for the threads there are, and it is tried again with the next that waits.
            return;
        }

        _threads++;
        _idle++;
    }

    private void Work()
    {
        lock (_gate)
            _idle--;
        while (Next() is { } lane)
        {
            if (lane.Run())
                Queue(lane);
        }
    }

    private ILaneWork? Next()
    {
        lock (_gate)
        {
            while (true)
            {
                if (_waiting.TryDequeue(out var next))
                    return next.Lane;
                _idle++;
                var woken = !_stopping && Monitor.Wait(_gate, _idleTime);
                _idle--;
                if (woken || _waiting.Count > 0 || (_threads == 1 && !_stopping))
                    continue;
                _threads--;
                return null;
            }
        }
    }

    /// <summary>Looks again when the first of those who wait has waited too long.</summary>
    private void Watch()
    {
        if (_impatient || _stopping)
            return;
        _impatient = true;
        _impatience.Change(Patience, Timeout.InfiniteTimeSpan);
    }

    private void Relieve()
    {
        lock (_gate)
        {
            _impatient = false;
            if (!_waiting.TryPeek(out var first))
                return;
            if (_idle == 0 && Environment.TickCount64 - first.Since >= Patience.TotalMilliseconds)
                Start();
            Watch();
        }
    }
}
