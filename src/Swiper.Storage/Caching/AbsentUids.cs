using System.Collections.Concurrent;

namespace Swiper.Storage.Caching;

/// <summary>
/// A bounded set of uids known not to exist, each remembered for 2.5 to 5 minutes, so that repeated requests for them don't reach the
/// database. Kept apart from profiles, so that made-up uids can't evict real ones.
/// </summary>
/// <param name="capacity">The most uids kept; the oldest are evicted.</param>
/// <param name="clock">The clock.</param>
internal sealed class AbsentUids(int capacity, TimeProvider clock)
{
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<long, long> _until = new();
    private readonly ConcurrentQueue<long> _order = new();

    public int Count => _until.Count;

    public bool Contains(long uid)
    {
        if (!_until.TryGetValue(uid, out var until))
            return false;
        if (clock.GetTimestamp() < until)
            return true;
        _until.TryRemove(KeyValuePair.Create(uid, until));
        return false;
    }

    public void Add(long uid)
    {
        _until[uid] = clock.GetTimestamp() + JitteredLifetime.Ticks(Longest, clock);
        _order.Enqueue(uid);
        // A uid that was removed and added again is in the queue twice, and so is evicted a little early.
        while (_order.Count > capacity && _order.TryDequeue(out var oldest))
            _until.TryRemove(oldest, out _);
    }

    /// <summary>Forgets a uid, which may exist now.</summary>
    public void Remove(long uid) => _until.TryRemove(uid, out _);

    public void Clear()
    {
        _until.Clear();
        _order.Clear();
    }
}
