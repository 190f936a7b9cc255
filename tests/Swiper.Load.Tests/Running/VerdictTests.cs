using Swiper.Load.Profiles;
using Swiper.Load.Results;
using Swiper.Load.Running;
using Swiper.Load.Scenarios;

namespace Swiper.Load.Tests.Running;

public sealed class VerdictTests
{
    private static readonly Dictionary<int, long> NoErrors = new() { [0] = 1000 };
    private static readonly Dictionary<int, long> SomeErrors = new() { [-1] = 2, [0] = 990, [1004] = 8 };

    [Fact]
    public void Without_thresholds_a_run_passes_that_had_replies() => Assert.True(Passes(new Thresholds(), NoErrors));

    [Fact]
    public void A_run_without_a_single_reply_to_what_was_measured_never_passes_whatever_the_server_answered_meanwhile()
    {
        Assert.False(Passes(new Thresholds(), []));
        Assert.False(Passes(new Thresholds(), new() { [-1] = 5 }));
        Assert.False(Passes(new Thresholds { P99Ms = 1000 }, []));
    }

    [Fact]
    public void An_unexpected_code_is_missed_and_named()
    {
        var result = Assert.Single(Results(new Thresholds { OnlyExpectedCodes = true }, SomeErrors), result => !result.Met);
        Assert.Equal("only expected codes", result.Rule);
        Assert.Contains("1004 Unavailable 8", result.Actual);
        Assert.Contains("no reply 2", result.Actual);
        Assert.True(Passes(new Thresholds { OnlyExpectedCodes = true }, NoErrors));
    }

    [Theory]
    [InlineData(0.01, true)]
    [InlineData(0.009, false)]
    public void Errors_are_counted_with_those_that_had_no_reply(double share, bool met) =>
        Assert.Equal(met, Passes(new Thresholds { MaxErrorShare = share }, SomeErrors));

    [Theory]
    [InlineData(50, true)]
    [InlineData(49.9, false)]
    public void The_99th_percentile_may_be_as_long_as_the_threshold(double p99, bool met) =>
        Assert.Equal(met, Passes(new Thresholds { P99Ms = p99 }, NoErrors));

    [Theory]
    [InlineData(100, true)]
    [InlineData(100.1, false)]
    public void The_rate_may_be_as_low_as_the_threshold(double rate, bool met) =>
        Assert.Equal(met, Passes(new Thresholds { MinRate = rate }, NoErrors));

    [Theory]
    [InlineData(3, true)]
    [InlineData(2, false)]
    public void Lost_connections_are_counted(int lost, bool met) =>
        Assert.Equal(met, Passes(new Thresholds { MaxLostConnections = lost }, NoErrors));

    [Fact]
    public void A_server_that_ended_is_told_with_how_it_did()
    {
        var verdict = Of(new Thresholds(), NoErrors) with { EndOfServer = "exited with code 137" };
        var missed = Assert.Single(verdict.Results(), result => !result.Met);
        Assert.Equal("exited with code 137", missed.Actual);
    }

    private static bool Passes(Thresholds thresholds, Dictionary<int, long> codes) => Results(thresholds, codes).All(result => result.Met);

    private static IReadOnlyList<ThresholdResult> Results(Thresholds thresholds, Dictionary<int, long> codes) =>
        Of(thresholds, codes).Results();

    // 110 replies a second, 100 of them expected, p99 50 ms, 3 connections lost.
    private static Verdict Of(Thresholds thresholds, Dictionary<int, long> codes) => new(ScenarioCatalog.Find("echo")!, thresholds)
    {
        Total = new StepResult("all", codes.All(), 110, codes, new Latency(10_000, 9_000, 20_000, 50_000, 80_000, 90_000), []),
        ExpectedPerSecond = 100,
        LostConnections = 3,
    };
}
