using Swiper.Load.Formatting;
using Swiper.Load.Results;

namespace Swiper.Load.Reports;

/// <summary>Consecutive seconds of a run, with their extremes.</summary>
/// <param name="First">End of the first second.</param>
/// <param name="Last">End of the last one.</param>
/// <param name="WarmUpEnded">Requests of the warm-up that ended in the measured part.</param>
/// <param name="P99">The highest p99 of these seconds; NaN without requests.</param>
internal sealed record Stretch(
    double First, double Last, double LowestRate, double HighestRate, long Errors, long WarmUpEnded, double P99, double Max,
    int Connections)
{
    public string Time => First == Last || Last <= 0 ? Clock(First) : $"{Clock(First)} to {Clock(Last)}";

    public string Rate
    {
        get
        {
            var (low, high) = (NumberText.Of(LowestRate), NumberText.Of(HighestRate));
            return low == high ? low : $"{low} to {high}";
        }
    }

    /// <summary>
    /// Splits the timeline into at most this many stretches of equal length, none with both warm-up and measured seconds.
    /// </summary>
    public static IReadOnlyList<Stretch> Of(IReadOnlyList<Interval> timeline, int atMost)
    {
        // One less, because the end of the warm-up may split a stretch.
        var length = Math.Max(1, (timeline.Count + atMost - 2) / (atMost - 1));
        var (warmUp, measured) = (timeline.Where(second => second.IsWarmUp), timeline.Where(second => !second.IsWarmUp));
        return [.. warmUp.Chunk(length).Concat(measured.Chunk(length)).Select(Around)];
    }

    private static Stretch Around(Interval[] seconds)
    {
        var answered = seconds.Select(second => second.MeasuredLatency).Where(latency => latency != Latency.None)
            .DefaultIfEmpty(Latency.None).ToList();
        return new(
            seconds[0].At, seconds[^1].At, seconds.Min(second => second.PerSecond), seconds.Max(second => second.PerSecond),
            seconds.Sum(second => second.Errors), seconds.Sum(second => second.WarmUpEnded), answered.Max(latency => latency.P99),
            answered.Max(latency => latency.Max), seconds[^1].Connections);
    }

    private static string Clock(double at) => at <= 0 ? "warm-up" : ClockText.Of(at);
}
