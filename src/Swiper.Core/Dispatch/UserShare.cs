namespace Swiper.Core.Dispatch;

/// <summary>
/// What one user has in progress on this host, over all connections, by class of cost. Of each class a user has a share: beyond it, the
/// user's connections are not read, so what waits costs no memory, and nothing that has not begun is done for those who have gone.
/// </summary>
/// <param name="host">What all users have in progress on the host.</param>
/// <remarks>
/// Two loops that look at the same instant may both begin: a share is exceeded by the loops of the user's connections at most.
/// </remarks>
public sealed class UserShare(HostReads host)
{
    private readonly Class[] _classes = new Class[(int)RequestCost.Search + 1];

    /// <summary>How many of a class may be in progress at once.</summary>
    public static int Of(RequestCost cost) => cost switch
    {
        // Each holds a thread of the pool, or one of a shard's connections, for as long as its disk takes: half of a shard's in a cluster.
        RequestCost.Read => 4,
        // Their lane commits them together, but each is some statements. An app has a few.
        RequestCost.Write => 16,
        // They cost microseconds and share commits: as many as one connection may have in flight.
        RequestCost.Swipe => 256,
        // One of them runs, the others wait for the user's turn. Each may answer 60 KB.
        RequestCost.Search => 4,
        _ => int.MaxValue,
    };

    internal bool HasRoom(RequestCost cost) => Volatile.Read(ref _classes[(int)cost].Running) < OfNow(cost);

    internal void Begin(RequestCost cost)
    {
        Interlocked.Increment(ref _classes[(int)cost].Running);
        if (cost == RequestCost.Read)
            host.Begin();
    }

    internal void End(RequestCost cost)
    {
        if (cost == RequestCost.Read)
            host.End();
        // A full fence: whoever begins to wait queues first and then looks at the count.
        var left = Interlocked.Decrement(ref _classes[(int)cost].Running);
        if (left <= OfNow(cost) / 2 && _classes[(int)cost].Waiting is { Count: > 0 })
            Wake(cost);
    }

    /// <summary>
    /// Waits for a turn: until half of the share is free, so that loops do not wake for each reply. Whoever had the turn calls
    /// <see cref="Wake"/>, whether or not it used it.
    /// </summary>
    internal ValueTask WhenRoomAsync(RequestCost cost, LoopSignal signal)
    {
        ValueTask turn;
        ref var waited = ref _classes[(int)cost];
        lock (_classes)
        {
            turn = signal.Arm();
            (waited.Waiting ??= []).Enqueue(signal);
        }
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref waited.Running) <= OfNow(cost) / 2)
            Wake(cost);
        return turn;
    }

    /// <summary>Wakes as many of those that wait as there is room for, the first first.</summary>
    internal void Wake(RequestCost cost)
    {
        ref var freed = ref _classes[(int)cost];
        lock (_classes)
        {
            for (var room = OfNow(cost) - Volatile.Read(ref freed.Running); room > 0; room--)
            {
                if (freed.Waiting is null || !freed.Waiting.TryDequeue(out var signal))
                    return;
                signal.Set();
            }
        }
    }

    // Where reads wait for each other, stores serve them in their order: with one of each user, that is by turns of users. Whoever waits
    // has one in progress, whose end wakes, so nobody has to be woken when the crowd is gone.
    private int OfNow(RequestCost cost) => cost == RequestCost.Read && host.IsCrowded ? 1 : Of(cost);

    private struct Class
    {
        public int Running;

        /// <summary>Loops that wait; null if none ever did.</summary>
        public Queue<LoopSignal>? Waiting;
    }
}

/// <summary>How many reads of all users wait for a store on this host.</summary>
public sealed class HostReads
{
    // As many as a shard of a cluster takes at a time.
    internal const int Crowd = 8;

    private int _count;

    internal bool IsCrowded => Volatile.Read(ref _count) >= Crowd;

    internal void Begin() => Interlocked.Increment(ref _count);

    internal void End() => Interlocked.Decrement(ref _count);
}
