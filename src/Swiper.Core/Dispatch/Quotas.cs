using System.Collections.Concurrent;

namespace Swiper.Core.Dispatch;

/// <summary>
/// The quotas of users, or those of addresses, by name. They outlive their connections until nothing is missing from them: coming back
/// does not refill them.
/// </summary>
internal sealed class Quotas<TName>(QuotaLimits limits, int users)
    where TName : notnull
{
    // How many there are before those that are full are looked for.
    private const int LeastSwept = 1024;

    private readonly ConcurrentDictionary<TName, Quota> _quotas = new();
    private int _sweepAt = LeastSwept;
    private int _sweeping;

    public int Count => _quotas.Count;

    public Quota Of(TName name, long nowMs)
    {
        var quota = _quotas.GetOrAdd(name, static (_, made) => new Quota(made.limits, made.users), (limits, users));
        if (_quotas.Count >= Volatile.Read(ref _sweepAt))
            Sweep(nowMs);
        return quota;
    }

    // A connection that still has one of those removed goes on with it, which is full; another one of the same name gets a new one.
    private void Sweep(long nowMs)
    {
        if (Interlocked.Exchange(ref _sweeping, 1) != 0)
            return;
        foreach (var (name, quota) in _quotas)
        {
            if (quota.IsFull(nowMs))
                _quotas.TryRemove(KeyValuePair.Create(name, quota));
        }
        Volatile.Write(ref _sweepAt, Math.Max(LeastSwept, 2 * _quotas.Count));
        Volatile.Write(ref _sweeping, 0);
    }
}
