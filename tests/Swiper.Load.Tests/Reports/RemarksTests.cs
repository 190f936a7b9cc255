using Swiper.Load.Reports;
using Swiper.Load.Results;

namespace Swiper.Load.Tests.Reports;

public sealed class RemarksTests
{
    private static readonly LoadReport Calm =
        SampleReports.Of([SampleReports.Second(1, ok: 10_000, throttled: 0, p50: 250, connections: 64)]);

    [Fact]
    public void A_run_in_which_nothing_is_odd_has_none() =>
        Assert.Empty(Remarks.On(
            Calm with { DuePerSecond = 10_000, Setting = Calm.Setting with { Rate = 10_000, RunnerCores = 0.3, ServerCores = 0.6 } }));

    [Fact]
    public void A_rate_that_was_not_reached_is_told() =>
        Assert.Contains(
            "12,000 requests a second were due and 10,000 completed (83.33 %)",
            Assert.Single(Remarks.On(Calm with { DuePerSecond = 12_000, Setting = Calm.Setting with { Rate = 12_000 } })),
            StringComparison.Ordinal);

    [Fact]
    public void A_rate_that_still_climbed_is_not_missed_before_it_is_due() =>
        Assert.Empty(Remarks.On(Calm with { DuePerSecond = 10_000, Setting = Calm.Setting with { Rate = 20_000 } }));

    [Fact]
    public void A_runner_that_may_have_been_the_limit_is_told() =>
        Assert.Contains("may have been the bottleneck", Only(Calm.Setting with { RunnerCores = 1.9 }), StringComparison.Ordinal);

    [Fact]
    public void A_machine_that_both_fill_together_is_told() =>
        Assert.Contains("together used all 2 cores of the machine", Only(Calm.Setting with { RunnerCores = 0.9, ServerCores = 1.0 }),
            StringComparison.Ordinal);

    [Fact]
    public void A_machine_that_others_used_is_told() =>
        Assert.Contains("Other processes used 0.5 of the machine's 2 cores", Only(Calm.Setting with { OtherCores = 0.5 }),
            StringComparison.Ordinal);

    [Theory]
    [InlineData(0.05)]
    [InlineData(null)]
    public void A_machine_that_others_hardly_used_or_may_have_used_is_not(double? cores) =>
        Assert.Empty(Remarks.On(Calm with { Setting = Calm.Setting with { OtherCores = cores } }));

    [Fact]
    public void A_run_that_was_interrupted_is_told() =>
        Assert.Equal(["The run was interrupted after 1 s of measurement."], Remarks.On(Calm with { Interrupted = true }));

    [Fact]
    public void Requests_without_a_reply_are_told()
    {
        var report = Calm with
        {
            Total = Calm.Total with
            {
                Codes = new Dictionary<int, long> { [0] = 9_000, [StepResult.NoReply] = 1_000 }
            },
        };

        Assert.Equal(["1,000 requests got no reply: they were never sent, timed out, or lost their connection."], Remarks.On(report));
    }

    [Fact]
    public void Replies_to_what_was_due_in_the_warm_up_are_told() => Assert.Contains(
        "9,000 requests that completed in the measured part were due in the warm-up: the measured part began with a backlog. "
        + "They count only in the rate, not in latencies and codes.",
        Remarks.On(SampleReports.Overload()));

    private static string Only(RunSetting setting) => Assert.Single(Remarks.On(Calm with { Setting = setting }));
}
