using Swiper.Load.Formatting;
using Swiper.Load.Reports.Charts;
using Swiper.Load.Results;

namespace Swiper.Load.Reports.Html;

/// <summary>The charts of a report.</summary>
internal sealed class ReportCharts(LoadReport report)
{
    private const int MostHovers = 120;
    private const int MostSteps = 8;

    private readonly double _start = Math.Min(0, report.Timeline.Select(second => second.At - 1).DefaultIfEmpty(0).Min());
    private readonly double _end = report.Timeline.Select(second => second.At).DefaultIfEmpty(0).Max();
    private readonly IReadOnlyList<Stretch> _stretches = Stretch.Of(report.Timeline, MostHovers);

    public LineChart Rate()
    {
        var series = new List<Series> { OverTime("requests", "rate", second => second.PerSecond, filled: true) };
        if (report.Timeline.Any(second => second.WarmUpEnded > 0))
        {
            series.Add(OverTime(
                "from the warm-up", "earlier", second => second.IsWarmUp ? double.NaN : second.WarmUpPerSecond, filled: true));
        }
        if (report.Timeline.Any(second => second.DuePerSecond is not null))
            series.Add(OverTime("due", "due", second => second.DuePerSecond ?? double.NaN));
        if (report.Timeline.Any(second => second.Errors > 0))
        {
            var errors = OverTime("errors", "errors", second => second.ErrorsPerSecond, filled: true);
            series.Add(errors with { Points = WithoutQuiet([.. errors.Points]) });
        }
        return new LineChart
        {
            Title = "Requests a second over time",
            Description = $"{Range(report.Timeline.Select(second => second.PerSecond), NumberText.Of)} requests a second, "
                + $"{NumberText.Of(report.Timeline.Sum(second => (double)second.Errors))} errors.",
            X = new TimeAxis(_start, _end),
            Y = new LinearAxis(series.SelectMany(line => line.Points).Where(point => !point.IsGap).Select(point => point.Y)
                .DefaultIfEmpty(0).Max()),
            Series = series,
            ShadedUntil = WarmUp,
            Hovers = [.. _stretches.Select(stretch => Over(
                stretch,
                $"{stretch.Time}: {stretch.Rate} requests/s, {Earlier(stretch)}{NumberText.Of(stretch.Errors)} errors, "
                + $"{NumberText.Of(stretch.Connections)} connections"))],
        };
    }

    public LineChart Latency()
    {
        Series[] series =
        [
            OverTime("max", "max", second => second.MeasuredLatency.Max),
            OverTime("p99.9", "p999", second => second.MeasuredLatency.P999),
            OverTime("p99", "p99", second => second.MeasuredLatency.P99),
            OverTime("p50", "p50", second => second.MeasuredLatency.P50),
        ];
        return new LineChart
        {
            Title = "Latency over time",
            Description = string.Join(", ", series.Reverse().Select(line => $"{line.Name} {Range(Heights(line), LatencyText.Of)}")) + ".",
            X = new TimeAxis(_start, _end),
            Y = new LogAxis(series.SelectMany(Heights)),
            Series = series,
            ShadedUntil = WarmUp,
            Hovers = [.. _stretches.Select(stretch =>
                Over(stretch, $"{stretch.Time}: p99 {LatencyText.Of(stretch.P99)}, max {LatencyText.Of(stretch.Max)}"))],
        };
    }

    /// <summary>All requests together, and each step if there are only a few.</summary>
    public LineChart Distribution()
    {
        var series = new List<Series>();
        if (report.Steps.Count is > 1 and <= MostSteps)
            series.AddRange(report.Steps.Select((step, index) => ByPercentile(step, step.Name, $"step-{index + 1}")));
        series.Add(ByPercentile(report.Total, series.Count == 0 ? "latency" : "all", "total"));
        var latency = report.Total.Latency;
        return new LineChart
        {
            Title = "Latency by percentile",
            Description =
                $"p50 {LatencyText.Of(latency.P50)}, p90 {LatencyText.Of(latency.P90)}, p99 {LatencyText.Of(latency.P99)}, "
                + $"p99.9 {LatencyText.Of(latency.P999)}, max {LatencyText.Of(latency.Max)}.",
            X = new PercentileAxis(report.Total.Count),
            Y = new LogAxis(series.SelectMany(Heights)),
            Series = series,
        };
    }

    private double? WarmUp => _start < 0 ? 0 : null;

    private Series OverTime(string name, string style, Func<Interval, double> value, bool filled = false) =>
        new(name, style, [.. report.Timeline.Select(second => new Point(Middle(second), value(second)))], filled);

    private static Series ByPercentile(StepResult step, string name, string style)
    {
        var points = new List<Point>();
        var all = step.Distribution.Sum(bucket => bucket.Count);
        long passed = 0;
        foreach (var bucket in step.Distribution)
        {
            points.Add(new Point(100.0 * passed / all, bucket.UpTo));
            passed += bucket.Count;
            points.Add(new Point(100.0 * passed / all, bucket.UpTo));
        }
        return new Series(name, style, points);
    }

    // A line along zero would look like errors. Zeros are drawn only next to errors, and never across the border between warm-up and
    // measured part.
    private static IReadOnlyList<Point> WithoutQuiet(Point[] points) =>
    [
        .. points.Select((point, index) => points[Math.Max(0, index - 1)..Math.Min(points.Length, index + 2)]
            .All(near => near.Y == 0 || near.X > 0 != point.X > 0) ? point with { Y = double.NaN } : point)
    ];

    private static Hover Over(Stretch stretch, string text) => new(stretch.First - 1, stretch.Last, text);

    private static string Earlier(Stretch stretch) =>
        stretch.WarmUpEnded > 0 ? $"{NumberText.Of(stretch.WarmUpEnded)} from the warm-up, " : "";

    // The middle of the second: placed at its end, the last second of the warm-up would reach into the measured part.
    private static double Middle(Interval second) => second.At - (second.Seconds / 2);

    private static IEnumerable<double> Heights(Series series) => series.Points.Where(point => !point.IsGap).Select(point => point.Y);

    private static string Range(IEnumerable<double> values, Func<double, string> format)
    {
        var all = values.ToList();
        return all.Count == 0 ? "none" : $"{format(all.Min())} to {format(all.Max())}";
    }
}
