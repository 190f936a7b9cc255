using System.Collections.Immutable;
using Swiper.Load.Results;

namespace Swiper.Load.Live;

/// <summary>The state of a run at some second, without its warm-up.</summary>
/// <param name="Last">The latest second.</param>
/// <param name="Latency">Latency of all measured requests.</param>
/// <param name="Codes">Status codes of all measured requests.</param>
/// <param name="Ended">Requests that ended in the measured part, whenever they were due.</param>
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
