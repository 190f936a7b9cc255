namespace Swiper.Core.Dispatch;

/// <summary>
/// What one user has in progress on this host, over all connections, by class of cost. Of each class a user has a share: beyond it, the
/// user's connections are not read, so what waits costs no memory, and nothing that has not begun is done for those who have gone.
/// </summary>
/// <remarks>
/// Two loops that look at the same instant may both begin: a share is exceeded by the loops of the user's connections at most.
/// </remarks>
public sealed class UserShare
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

    internal bool HasRoom(RequestCost cost) => Volatile.Read(ref _classes[(int)cost].Running) < Of(cost);

    internal void Begin(RequestCost cost) => Interlocked.Increment(ref _classes[(int)cost].Running);

    internal void End(RequestCost cost)
    {
        // A full fence: whoever begins to wait queues first and then looks at the count.
        var left = Interlocked.Decrement(ref _classes[(int)cost].Running);
        if (left <= Of(cost) / 2 && _classes[(int)cost].Waiting is { Count: > 0 })
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
        if (Volatile.Read(ref waited.Running) <= Of(cost) / 2)
            Wake(cost);
        return turn;
    }

    /// <summary>Wakes as many of those that wait as there is room for, the first first.</summary>
    internal void Wake(RequestCost cost)
    {
        ref var freed = ref _classes[(int)cost];
        lock (_classes)
        {
            for (var room = Of(cost) - Volatile.Read(ref freed.Running); room > 0; room--)
            {
                if (freed.Waiting is null || !freed.Waiting.TryDequeue(out var signal))
                    return;
                signal.Set();
            }
        }
    }

    private struct Class
    {
        public int Running;

        /// <summary>Loops that wait; null if none ever did.</summary>
        public Queue<LoopSignal>? Waiting;
    }
}
