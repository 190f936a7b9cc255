using Swiper.Load.Results;

namespace Swiper.Load.Tests.Reports;

/// <summary>Reports of fictional runs.</summary>
internal static class SampleReports
{
    public static Latency NoLatency { get; } = new(0, 0, 0, 0, 0, 0);

    public static LoadReport Empty { get; } = Of([]);

    /// <summary>A few seconds of one kind of request.</summary>
    public static LoadReport Of(IReadOnlyList<Interval> timeline)
    {
        var codes = timeline.SelectMany(second => second.Codes).GroupBy(code => code.Key)
            .ToDictionary(code => code.Key, code => code.Sum(count => count.Value));
        var count = codes.All();
        var latency = timeline.Count == 0 ? NoLatency : timeline[^1].Latency;
        var perSecond = timeline.Count == 0 ? 0 : count / (double)timeline.Count;
        var echo = new StepResult("echo", count, perSecond, codes, latency, Distribution(count, latency.P50)) { Replies = count };
        return new LoadReport
        {
            Scenario = "echo",
            Profile = "smoke",
            Setting = new RunSetting("./swiper load echo --profile smoke", "swiper 0.1.0 at 127.0.0.1:7400", "AMD EPYC, Linux", 2,
                ".NET 10.0.0", "465ec75", 1, 64, null, 0.71, 1.02, 0.04),
            Started = new DateTimeOffset(2026, 3, 14, 18, 30, 0, TimeSpan.Zero),
            Seconds = timeline.Count,
            Total = echo with { Name = "all" },
            Steps = [echo],
            Timeline = timeline,
            Thresholds = [new ThresholdResult("p99 <= 50 ms", "2.1 ms", true)],
            Figures = new Dictionary<string, double> { ["connections held"] = 64 },
        };
    }

    /// <summary>An evening's traffic of three kinds, with a warm-up, a stall and errors.</summary>
    public static LoadReport MixedTraffic(int seconds)
    {
        var random = new Random(4);
        var timeline = Enumerable.Range(-4, seconds + 4).Select(second => second == seconds / 2
            ? new Interval(second + 1, 0, new Dictionary<int, long>(), NoLatency, 64)
            : Second(second + 1, 9_500 + random.Next(1_000), random.Next(8) == 0 ? random.Next(900) : 0, 400 + random.Next(150), 64))
                .ToList();
        var report = Of([.. timeline.Where(second => second.At > 0)]);
        StepResult Part(string name, int share, double p50) => report.Total with
        {
            Name = name,
            Count = report.Total.Count / share,
            PerSecond = report.Total.PerSecond / share,
            Distribution = Distribution(report.Total.Count / share, p50),
            Codes = report.Total.Codes.ToDictionary(code => code.Key, code => code.Value / share),
        };
        return report with
        {
            Scenario = "mixed-day",
            Profile = "steady",
            Timeline = [.. timeline.Select(second => second with { DuePerSecond = 10_400 })],
            DuePerSecond = 10_400,
            Setting = report.Setting with { Rate = 10_400, Command = "./swiper load mixed-day --profile steady --rate 10400" },
            Steps = [Part("deck", 2, 900), Part("swipe", 3, 1_800), Part("top", 6, 210)],
            Thresholds = [new ThresholdResult("p99 <= 50 ms", "4.8 ms", true), new ThresholdResult("errors <= 0.01 %", "0.52 %", false)],
            Figures = new Dictionary<string, double> { ["matches"] = 12_345, ["pushes received"] = 24_690 },
        };
    }

    /// <summary>Overload: everything completed in the measured part was due in the warm-up.</summary>
    public static LoadReport Overload()
    {
        var latency = new Latency(1_500_000, 1_500_000, 1_900_000, 2_000_000, 2_000_000, 2_000_000);
        Interval[] timeline =
        [
            .. Enumerable.Range(-1, 2).Select(at =>
                new Interval(at, 3_000, new Dictionary<int, long> { [0] = 3_000 }, latency, 32, 60_000)),
            .. Enumerable.Range(1, 3).Select(at => new Interval(at, 3_000, new Dictionary<int, long>(), NoLatency, 32, 60_000)
            {
                WarmUpEnded = 3_000, LateErrors = 60_000,
            }),
        ];
        var unanswered = new Dictionary<int, long> { [StepResult.NoReply] = 180_000 };
        var report = Of(timeline);
        return report with
        {
            Seconds = 3,
            DuePerSecond = 60_000,
            Setting = report.Setting with { Rate = 60_000 },
            Total = new StepResult("all", 180_000, 3_000, unanswered, latency, Distribution(180_000, 1_500_000)) { Replies = 9_000 },
            Steps =
            [
                new StepResult("deck", 0, 1_000, new Dictionary<int, long>(), NoLatency, []) { Replies = 3_000 },
                new StepResult("swipe", 0, 2_000, new Dictionary<int, long>(), NoLatency, []) { Replies = 6_000 },
            ],
            Unsent = 180_000,
        };
    }

    public static Interval Second(double at, long ok, long throttled, double p50, int connections)
    {
        var codes = new Dictionary<int, long> { [0] = ok };
        if (throttled > 0)
            codes[1005] = throttled;
        return new Interval(at, ok + throttled, codes,
            new Latency(p50 * 1.1, p50, p50 * 2, p50 * 6, p50 * 15, p50 * (20 + Math.Abs(at) % 7 * 9)), connections);
    }

    /// <summary>Half of the requests below <paramref name="p50"/>, and a tail that halves with every step.</summary>
    public static IReadOnlyList<LatencyBucket> Distribution(long count, double p50)
    {
        var buckets = new List<LatencyBucket>();
        var (left, upTo) = (count, p50 / 2);
        for (; left > 0; upTo *= 1.12)
        {
            var here = Math.Max(1, upTo < p50 ? left / 12 : left / 4);
            buckets.Add(new LatencyBucket(upTo, here));
            left -= here;
        }
        return buckets;
    }
}
