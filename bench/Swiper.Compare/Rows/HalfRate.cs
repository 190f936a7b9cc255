using Swiper.Compare.Batches;
using Swiper.Local.Measuring;

namespace Swiper.Compare.Rows;

/// <summary>
/// Swipes at half the highest rate of the rounds: latencies and batch sizes when nothing is saturated.
/// </summary>
internal sealed class HalfRate
{
    private static readonly Pace Pace = new(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(6));

    private readonly Lazy<(double PerSecond, LatencyHistogram Latencies, IReadOnlyList<BatchDistribution> Batches)> _run;

    /// <param name="subjects">With a host on a cluster.</param>
    /// <param name="highest">The measure of the highest rate; taken once if the rounds did not.</param>
    public HalfRate(Subjects subjects, Measure highest) => _run = new(() =>
    {
        if (highest.Readings.Count == 0)
            highest.Take(Pace, isKept: true);
        if (highest.Trouble is { } trouble)
            throw new InvalidOperationException(trouble);
        var perSecond = Rounds.Median([.. highest.Readings.Select(reading => reading.Value)]) / 2;
        LatencyHistogram? latencies = null;
        var batches = BatchesOfLoad.Take(subjects.Swiper, $"{perSecond:0} a second", () =>
            latencies = Loads.SwipesAt(perSecond, subjects.Swiper, subjects.People(), Pace));
        return (perSecond, latencies!, batches);
    });

    public IReadOnlyList<BatchDistribution> Batches => _run.Value.Batches;

    public Limit Percentile(double percentile) => new(
        $"latency at half the highest rate: {(percentile == 100 ? "longest" : $"{percentile:0} %")}", "ms", null,
        () => [_run.Value.Latencies.At(percentile).TotalMilliseconds]);
}
