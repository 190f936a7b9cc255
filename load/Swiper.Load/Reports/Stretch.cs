using Swiper.Load.Formatting;
using Swiper.Load.Results;

namespace Swiper.Load.Reports;

/// <summary>Neighbouring seconds of a run, with their extremes.</summary>
/// <param name="First">End of the first second.</param>
/// <param name="Last">End of the last one.</param>
/// <param name="P99">The highest of the seconds'.</param>
internal sealed record Stretch(double First, double Last, double LowestRate, double HighestRate, long Errors, double P99, double Max, int Connections)
{
    public string Time => First == Last ? Clock(First) : $"{Clock(First)} to {Clock(Last)}";

    public string Rate
    {
        get
        {
            var (low, high) = (NumberText.Of(LowestRate), NumberText.Of(HighestRate));
            return low == high ? low : $"{low} to {high}";
        }
    }

    /// <summary>The whole timeline in so many stretches at most, all of the same length.</summary>
    public static IReadOnlyList<Stretch> Of(IReadOnlyList<Interval> timeline, int atMost)
    {
        var length = Math.Max(1, (timeline.Count + atMost - 1) / atMost);
        return [.. timeline.Chunk(length).Select(Around)];
    }

    private static Stretch Around(Interval[] seconds) => new(
        seconds[0].At, seconds[^1].At, seconds.Min(second => second.PerSecond), seconds.Max(second => second.PerSecond),
        seconds.Sum(second => second.Codes.Errors()), seconds.Max(second => second.Latency.P99), seconds.Max(second => second.Latency.Max),
        seconds[^1].Connections);

    private static string Clock(double at) => at <= 0 ? "warm-up" : ClockText.Of(at);
}
