using System.Numerics;
using Microsoft.Extensions.Logging;

namespace Swiper.Storage.Redis;

/// <summary>Reports groups that a script found untrusted, each at most once per period.</summary>
internal sealed class UntrustedGroups(TimeSpan period, TimeProvider time, ILogger logger)
{
    private readonly Lock _lock = new();
    private readonly long?[] _reported = new long?[UserGroups.Count];

    /// <summary>Called on the thread that found it; must be quick.</summary>
    public event Action<int>? Found;

    public void Report(ulong groups)
    {
        if (groups == 0)
            return;
        var fresh = Fresh(groups);
        if (fresh == 0)
            return;
        RedisLog.GroupsUntrusted(logger, BitOperations.PopCount(fresh));
        for (; fresh != 0; fresh &= fresh - 1)
        {
            try
            {
                Found?.Invoke(GroupReport.First(fresh));
            }
            catch (Exception exception)
            {
                // The caller is a worker or a reader and must go on.
                RedisLog.Faulted(logger, exception);
            }
        }
    }

    private ulong Fresh(ulong groups)
    {
        var fresh = 0UL;
        var now = time.GetTimestamp();
        lock (_lock)
        {
            for (; groups != 0; groups &= groups - 1)
            {
                var group = GroupReport.First(groups);
                if (_reported[group] is { } last && time.GetElapsedTime(last, now) < period)
                    continue;
                _reported[group] = now;
                fresh |= 1UL << group;
            }
        }

        return fresh;
    }
}
