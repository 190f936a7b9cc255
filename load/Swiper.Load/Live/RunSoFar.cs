using System.Collections.Immutable;
using Swiper.Load.Results;

namespace Swiper.Load.Live;

/// <summary>What a run has shown until some second. What came while it warmed up is not counted.</summary>
/// <param name="Last">The newest second.</param>
/// <param name="Latency">Of all requests that were measured.</param>
/// <param name="Codes">The same.</param>
/// <param name="Ended">Requests that ended while it was measured, whenever they were due.</param>
internal sealed record RunSoFar(Interval Last, Latency Latency, ImmutableSortedDictionary<int, long> Codes, long Ended)
{
    public bool IsWarmingUp => Last.IsWarmUp;

    public double PerSecond => IsWarmingUp ? 0 : Ended / Last.At;

    public static RunSoFar After(RunSoFar? before, Interval last, Latency latency)
    {
        var codes = (before?.Codes ?? ImmutableSortedDictionary<int, long>.Empty).ToBuilder();
        if (!last.IsWarmUp)
        {
            foreach (var (code, count) in last.Codes)
                codes[code] = codes.GetValueOrDefault(code) + count;
        }
        return new RunSoFar(last, latency, codes.ToImmutable(), (before?.Ended ?? 0) + (last.IsWarmUp ? 0 : last.Ended));
    }
}
