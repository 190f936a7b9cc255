namespace Swiper.Core.Dispatch;

/// <summary>The requests of one connection that wait for a store, and which others may begin meanwhile.</summary>
public sealed class InFlightRequests(int limit)
{
    // Also serves as the lock: a separate one would cost memory in every idle connection.
    private readonly LoopSignal _signal = new();
    private int _count;
    private int _writes;
    private int _awaited;
    private bool _alone;

    /// <summary>How many wait.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>True if one more request may be accepted: fewer than the limit are in flight, and none that runs alone.</summary>
    public bool HasRoom => Volatile.Read(ref _count) < limit && !Volatile.Read(ref _alone);

    /// <summary>Waits until half of the limit is free, so that a loop at the limit does not wake for each reply.</summary>
    public ValueTask WhenRoomAsync() => WhenAtMost(Volatile.Read(ref _alone) ? 0 : limit / 2);

    /// <summary>Waits until every request has been answered.</summary>
    public ValueTask WhenIdleAsync() => WhenAtMost(0);

    /// <summary>Whether those in flight let one begin beside them.</summary>
    /// <param name="alone">It runs alone.</param>
    /// <param name="afterWrites">It begins after the writes before it.</param>
    public bool MayBegin(bool alone, bool afterWrites) =>
        !(alone && Volatile.Read(ref _count) > 0 || afterWrites && Volatile.Read(ref _writes) > 0);

    public void Begin(bool alone = false, bool isWrite = false)
    {
        Interlocked.Increment(ref _count);
        if (isWrite)
            Interlocked.Increment(ref _writes);
        if (alone)
            Volatile.Write(ref _alone, true);
    }

    /// <summary>With the arguments of its <see cref="Begin"/>.</summary>
    public void End(bool alone = false, bool isWrite = false)
    {
        lock (_signal)
        {
            if (isWrite)
                Interlocked.Decrement(ref _writes);
            if (alone)
                Volatile.Write(ref _alone, false);
            if (Interlocked.Decrement(ref _count) <= _awaited && _signal.IsArmed)
                _signal.Set();
        }
    }

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
