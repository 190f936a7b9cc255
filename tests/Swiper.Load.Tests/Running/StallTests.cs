using Swiper.Load.Profiles;
using Swiper.Load.Results;
using Swiper.Load.Running;

namespace Swiper.Load.Tests.Running;

/// <summary>A server stalls for a second: which requests are charged with the wait?</summary>
public sealed class StallTests
{
    private const int Rate = 100;
    private static readonly TimeSpan Stall = TimeSpan.FromSeconds(1);
    private static readonly double QuarterSecond = TimeSpan.FromSeconds(0.25).TotalMicroseconds;

    [Fact]
    public async Task In_the_open_loop_everybody_who_would_have_come_meanwhile_has_waited()
    {
        using var server = new StallingServer(stallsAfter: 100, Stall);
        var plan = Plans.Of(
            "echo", new LoadServer { EndPoint = server.EndPoint }, new SettingsPart { Connections = 1, Rate = Rate, DurationSeconds = 3 });

        var report = await new LoadRun(plan, (_, _) => { }).RunAsync(CancellationToken.None);

        // Of the 100 who were due within the second, 75 waited for more than a quarter of it.
        Assert.InRange(WaitedLongerThan(report, QuarterSecond), 70, Rate * 3);
        Assert.True(report.Total.Latency.P90 > QuarterSecond, $"p90 is {report.Total.Latency.P90} us");
        Assert.Equal(3 * Rate, report.Total.Count);
        Assert.Equal([0], report.Total.Codes.Keys);
    }

    [Fact]
    public async Task Requests_that_were_due_and_never_sent_count_as_unanswered()
    {
        // It stays stalled for the whole run, so the drain and every request time out.
        using var server = new StallingServer(stallsAfter: 50, TimeSpan.FromMinutes(10));
        var plan = Plans.Of("echo", new LoadServer { EndPoint = server.EndPoint }, new SettingsPart { Connections = 1, Rate = Rate });

        var report = await new LoadRun(plan, (_, _) => { }).RunAsync(CancellationToken.None);

        Assert.Equal(Rate, report.Total.Count);
        Assert.Equal(49, report.Total.Codes[0]);
        Assert.Equal(Rate - 49, report.Total.Codes[StepResult.NoReply]);
        Assert.True(report.Figures["due and never sent"] > 0);
        Assert.True(report.Total.PerSecond <= 50);
    }

    [Fact]
    public async Task Of_a_server_that_never_comes_to_what_was_measured_the_report_says_just_that()
    {
        // At most 50 of the 2,000 due per second: everything it does in the measured part, and long after, was due in the warm-up.
        using var server = new StallingServer(stallsAfter: int.MaxValue, Stall, each: TimeSpan.FromMilliseconds(20));
        var plan = Plans.Of(
            "echo", new LoadServer { EndPoint = server.EndPoint },
            new SettingsPart { Connections = 1, InFlight = 1, Rate = 2000, WarmUpSeconds = 1, DurationSeconds = 2 });
        plan = plan with { Timeout = TimeSpan.FromSeconds(1) };

        var report = await new LoadRun(plan, (_, _) => { }).RunAsync(CancellationToken.None);

        Assert.Equal((4000, 4000), (report.Total.Count, report.Unsent));
        Assert.Equal([StepResult.NoReply], report.Total.Codes.Keys);
        var replies = Assert.Single(report.Thresholds, threshold => threshold.Rule == "requests were answered");
        Assert.Equal(("0 of 4,000 requests", false), (replies.Actual, replies.Met));
        // Each request of the report is an error of the second in which it was due, and no second has the codes of another part.
        var measured = report.Timeline.Where(second => second.At > 0).ToList();
        Assert.Equal(4000, measured.Sum(second => second.LateErrors));
        // Except for at most four that the grain of the timer moves across the border.
        Assert.All(measured, second => Assert.InRange(second.LateErrors, 1996, 2004));
        Assert.All(measured, second => Assert.Empty(second.Codes));
        Assert.All(report.Timeline.Except(measured), second => Assert.Equal((0L, 0L), (second.LateErrors, second.WarmUpEnded)));
        // A second ends when somebody looks, and the measured part on time. What is answered in between, at most one each 10 ms, is
        // counted in one and not in the other.
        var late = LengthOf(report.Timeline[0]) - 1 + report.Timeline.Sum(LengthOf) - 3;
        Assert.Equal(report.Total.Replies, measured.Sum(second => second.WarmUpEnded), tolerance: 1 + (100 * Math.Max(0, late)));

        // In seconds, as it came to be.
        static double LengthOf(Interval second) => second.Ended > 0 ? second.Ended / second.PerSecond : 1;
    }

    private static long WaitedLongerThan(LoadReport report, double microseconds) =>
        report.Total.Distribution.Where(bucket => bucket.UpTo > microseconds).Sum(bucket => bucket.Count);
}
