using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Swiper.Storage.Indexes;

/// <summary>
/// Who has blocked whom, in memory; also used of former friends, who are kept apart likewise. Reading takes no lock; most users are in no
/// block.
/// </summary>
internal sealed class BlockIndex
{
    private readonly Lock _changing = new();
    private readonly HashSet<(long Uid, long Bid)> _blocks = [];

    // Either side's view: those whom they blocked and those who blocked them.
    private readonly ConcurrentDictionary<long, ImmutableHashSet<long>> _apart = new();

    /// <summary>Those who must not meet the user; null if there are none.</summary>
    public ImmutableHashSet<long>? ApartFrom(long uid) => _apart.GetValueOrDefault(uid);

    /// <summary>Whether either of the two has blocked the other.</summary>
    public bool AreBlocked(long uid, long other) => ApartFrom(uid)?.Contains(other) ?? false;

    /// <summary>The first user has blocked the second, or has not any more.</summary>
    public void Put(long uid, long other, bool isBlocked)
    {
        lock (_changing)
        {
            if (isBlocked ? !_blocks.Add((uid, other)) : !_blocks.Remove((uid, other)))
                return;
            if (isBlocked)
            {
                Change(uid, apart => apart.Add(other));
                Change(other, apart => apart.Add(uid));
            }
            else if (!_blocks.Contains((other, uid)))
            {
                Change(uid, apart => apart.Remove(other));
                Change(other, apart => apart.Remove(uid));
            }
        }
    }

    private void Change(long uid, Func<ImmutableHashSet<long>, ImmutableHashSet<long>> change)
    {
        var apart = change(_apart.GetValueOrDefault(uid, []));
        if (apart.IsEmpty)
            _apart.TryRemove(uid, out _);
        else
            _apart[uid] = apart;
    }
}
