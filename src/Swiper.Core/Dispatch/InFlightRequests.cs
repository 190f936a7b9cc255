namespace Swiper.Core.Dispatch;

/// <summary>Counts the requests of one connection that wait for a store, so that the loop can stop reading at the limit.</summary>
public sealed class InFlightRequests(int limit)
{
    // Also serves as the lock: a separate one would cost memory in every idle connection.
    private readonly LoopSignal _signal = new();
    private int _count;
    private int _awaited;

    /// <summary>How many wait.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>True if one more request may be accepted.</summary>
    public bool HasRoom => Volatile.Read(ref _count) < limit;

    public void Begin() => Interlocked.Increment(ref _count);

    public void End()
    {
        lock (_signal)
        {
            if (Interlocked.Decrement(ref _count) <= _awaited && _signal.IsArmed)
                _signal.Set();
        }
    }

    /// <summary>Waits until half of the limit is free, so that a loop at the limit does not wake for each reply.</summary>
    public ValueTask WhenRoomAsync() => WhenAtMost(limit / 2);

    /// <summary>Waits until every request has been answered.</summary>
    public ValueTask WhenIdleAsync() => WhenAtMost(0);

    private ValueTask WhenAtMost(int count)
    {
        lock (_signal)
        {
            if (Volatile.Read(ref _count) <= count)
                return ValueTask.CompletedTask;
            _awaited = count;
            return _signal.Arm();
        }
    }
}
