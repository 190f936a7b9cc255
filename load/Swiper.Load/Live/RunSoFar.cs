using System.Collections.Immutable;
using Swiper.Load.Results;

namespace Swiper.Load.Live;

/// <summary>What a run has shown until some second. What came while it warmed up is not counted.</summary>
/// <param name="Last">The newest second.</param>
/// <param name="Latency">Of all requests that were measured.</param>
/// <param name="Codes">The same.</param>
internal sealed record RunSoFar(Interval Last, Latency Latency, ImmutableSortedDictionary<int, long> Codes)
{
    public bool IsWarmingUp => Last.At <= 0;

    public double PerSecond => IsWarmingUp ? 0 : Codes.All() / Last.At;

    public double LastErrorsPerSecond => Last.Codes.All() is var all and > 0 ? Last.PerSecond * Last.Codes.Errors() / all : 0;

    public static RunSoFar After(RunSoFar? before, Interval last, Latency latency)
    {
        var codes = (before?.Codes ?? ImmutableSortedDictionary<int, long>.Empty).ToBuilder();
        if (last.At > 0)
        {
            foreach (var (code, count) in last.Codes)
                codes[code] = codes.GetValueOrDefault(code) + count;
        }
        return new RunSoFar(last, latency, codes.ToImmutable());
    }
}
