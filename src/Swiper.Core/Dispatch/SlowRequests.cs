using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Swiper.Core.Diagnostics;
using Swiper.Core.Protocol;

namespace Swiper.Core.Dispatch;

/// <summary>
/// Tells of requests that took longer than a bound, and of what they waited for: all of them in a counter, and one a second in the log,
/// however many a stall makes slow.
/// </summary>
public sealed class SlowRequests(TimeSpan bound, IMeterFactory meters, ILogger<SlowRequests> logger)
{
    private readonly long _bound = (long)(bound.TotalSeconds * Stopwatch.Frequency);
    private readonly LogPace _pace = new();
    private readonly Counter<long> _slow = meters.Create(Traffic.MeterName).CreateCounter<long>(
        "swiper.requests.slow", "{request}", "Requests that took longer than Ops:SlowRequest, by opcode.");

    internal bool AreSlow(in RequestTimes times, long now) => now - times.Arrived > _bound;

    /// <summary>Counts requests of a connection that were answered together, and tells of them if it is time to.</summary>
    internal void Tell(
        Session session, KeyValuePair<string, object?> operation, StatusCode code, int count, in RequestTimes times, long now)
    {
        _slow.Add(count, operation);
        if (!_pace.TryTake(out var told))
            return;
        var phases = times.PhasesUntil(now, BatchTimes.Completing);
        DispatchLog.Slow(
            logger, (string)operation.Value!, session.ConnectionId, session.Uid, (int)code, phases.Total.TotalMilliseconds,
            phases.Turn.TotalMilliseconds, phases.Lane.TotalMilliseconds, phases.Commit.TotalMilliseconds, phases.Rest.TotalMilliseconds,
            told);
    }
}
