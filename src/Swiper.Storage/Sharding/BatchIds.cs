namespace Swiper.Storage.Sharding;

/// <summary>
/// Generates ids of batches without a store, positive, rising, and unique among hosts with different node numbers:
/// <code>
/// 0 | 41 bits: ms since 2024-01-01 | 10 bits: node | 12 bits: sequence
/// </code>
/// The sequence continues from one millisecond to the next.
/// </summary>
internal sealed class BatchIds
{
    public const int MaxNode = (1 << NodeBits) - 1;

    private const int NodeBits = 10;
    private const int SequenceBits = 12;
    private const long SequenceMask = (1 << SequenceBits) - 1;
    private const long MillisecondMask = (1L << 41) - 1;

    private static readonly long Epoch = new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    private readonly TimeProvider _time;
    private readonly long _node;

    // Millisecond and sequence of the last id as one number that only grows, which makes every id new: if the clock goes back or a
    // millisecond's 4,096 ids are used up, it runs ahead of the clock.
    private long _last;

    /// <param name="node">The host's node number, 0 to 1023.</param>
    /// <param name="time">The clock.</param>
    public BatchIds(int node, TimeProvider time)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(node);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(node, MaxNode);
        _node = (long)node << SequenceBits;
        _time = time;
    }

    /// <summary>A new, unique id.</summary>
    public long Next()
    {
        var now = Math.Max(0, _time.GetUtcNow().ToUnixTimeMilliseconds() - Epoch) << SequenceBits;
        while (true)
        {
            var last = Volatile.Read(ref _last);
            var next = last + 1;
            if (next < now)
                next = now | (next & SequenceMask);
            if (Interlocked.CompareExchange(ref _last, next, last) == last)
                return (((next >> SequenceBits) & MillisecondMask) << (NodeBits + SequenceBits)) | _node | (next & SequenceMask);
        }
    }

    /// <summary>The greatest id that any host can have generated up to then.</summary>
    /// <param name="ms">Milliseconds since the Unix epoch.</param>
    public static long LastOf(long ms) => (Math.Max(0, ms - Epoch) << (NodeBits + SequenceBits)) | ((1L << (NodeBits + SequenceBits)) - 1);

    /// <summary>The node number of the host that generated the id.</summary>
    public static int NodeOf(long id) => (int)(id >> SequenceBits) & MaxNode;

    /// <summary>Makes later ids newer than this stored one, in case the clock is behind that of the last run.</summary>
    public void NotBefore(long id)
    {
        var floor = ((id >> (NodeBits + SequenceBits)) << SequenceBits) | (id & SequenceMask);
        while (true)
        {
            var last = Volatile.Read(ref _last);
            if (last >= floor || Interlocked.CompareExchange(ref _last, floor, last) == last)
                return;
        }
    }
}
