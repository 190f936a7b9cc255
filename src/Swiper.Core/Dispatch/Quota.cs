namespace Swiper.Core.Dispatch;

/// <summary>How many requests of each class of cost a user may make in a minute. Those from memory are not counted.</summary>
/// <param name="Reads">Of <see cref="RequestCost.Read"/>.</param>
/// <param name="Writes">Of <see cref="RequestCost.Write"/>.</param>
/// <param name="Swipes">Of <see cref="RequestCost.Swipe"/>.</param>
/// <param name="Searches">Of <see cref="RequestCost.Search"/>.</param>
/// <param name="UsersPerAddress">As many users' quotas are those of an address.</param>
public sealed record QuotaLimits(int Reads, int Writes, int Swipes, int Searches, int UsersPerAddress)
{
    internal long PerMinute(RequestCost cost) => cost switch
    {
        RequestCost.Read => Reads,
        RequestCost.Write => Writes,
        RequestCost.Swipe => Swipes,
        RequestCost.Search => Searches,
        _ => long.MaxValue,
    };
}

/// <summary>
/// A token bucket a class of cost, which holds what a minute allows and is refilled steadily. Of each bucket only the time is kept at
/// which it will be full (https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm).
/// </summary>
/// <param name="limits">A user's.</param>
/// <param name="users">As many users' quotas together.</param>
internal sealed class Quota(QuotaLimits limits, int users = 1)
{
    private const long MinuteNs = 60_000_000_000;

    private readonly long[] _fullAt = new long[(int)RequestCost.Search + 1];

    /// <summary>Takes one, or tells when there will be one.</summary>
    /// <param name="cost">Not <see cref="RequestCost.Memory"/>.</param>
    /// <param name="nowMs">From <see cref="Environment.TickCount64"/>.</param>
    /// <param name="retryAfter">Where there is none: how long to wait.</param>
    public bool TryTake(RequestCost cost, long nowMs, out TimeSpan retryAfter)
    {
        ref var fullAt = ref _fullAt[(int)cost];
        var each = Math.Max(1, MinuteNs / (limits.PerMinute(cost) * users));
        var now = nowMs * 1_000_000;
        while (true)
        {
            var before = Volatile.Read(ref fullAt);
            var after = Math.Max(before, now) + each;
            if (after - now > MinuteNs)
            {
                retryAfter = TimeSpan.FromMilliseconds((after - now - MinuteNs) / 1e6);
                return false;
            }
            if (Interlocked.CompareExchange(ref fullAt, after, before) == before)
            {
                retryAfter = default;
                return true;
            }
        }
    }

    /// <summary>True if nothing is missing: a new one would be the same.</summary>
    public bool IsFull(long nowMs)
    {
        foreach (var fullAt in _fullAt)
        {
            if (fullAt > nowMs * 1_000_000)
                return false;
        }
        return true;
    }
}
