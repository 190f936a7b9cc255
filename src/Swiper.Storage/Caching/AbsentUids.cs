using System.Collections.Concurrent;

namespace Swiper.Storage.Caching;

/// <summary>
/// Uids that nobody was found to have, each for 2.5 to 5 minutes, at most so many: asking for what isn't there must not reach the
/// truth again and again. They are kept apart from profiles, so that made-up uids can't push real people out.
/// </summary>
/// <param name="capacity">Uids kept at most; the oldest make room.</param>
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
        // One that came, went and came again stands in the order twice, and goes a little early.
        while (_order.Count > capacity && _order.TryDequeue(out var oldest))
            _until.TryRemove(oldest, out _);
    }

    /// <summary>Somebody may have the uid now.</summary>
    public void Remove(long uid) => _until.TryRemove(uid, out _);

    public void Clear()
    {
        _until.Clear();
        _order.Clear();
    }
}
