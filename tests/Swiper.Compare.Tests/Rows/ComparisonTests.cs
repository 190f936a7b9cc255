using Swiper.Compare.Ancestor;
using Swiper.Compare.Peers;
using Swiper.Compare.Rows;
using Swiper.Local.Measuring;

namespace Swiper.Compare.Tests.Rows;

public sealed class ComparisonTests
{
    private static readonly Pace Pace = new(TimeSpan.Zero, TimeSpan.Zero);

    [Theory]
    [InlineData(new double[] { 3 }, 3)]
    [InlineData(new double[] { 9, 1, 2 }, 2)]
    [InlineData(new double[] { 4, 1, 2, 100 }, 3)]
    public void The_median_is_the_middle_one_or_the_mean_of_two(double[] figures, double median) =>
        Assert.Equal(median, Rounds.Median(figures));

    [Fact]
    public void There_is_no_median_of_nothing() => Assert.Throws<ArgumentException>(() => Rounds.Median([]));

    [Fact]
    public void The_ratio_is_the_median_of_the_rounds_own_ratios()
    {
        var row = Row([100, 50, 90], [50, 10, 100]);

        Rounds.Run([row.Ours, row.Theirs], 3, Pace, static _ => { });

        Assert.Equal(2, row.Ratio());
        Assert.Equal(3, row.Ours.Readings.Count);
    }

    [Fact]
    public void Each_round_takes_every_measure_once_and_every_other_round_goes_backwards()
    {
        var order = new List<string>();
        Measure[] measures = [Noting(order, "A"), Noting(order, "B"), Noting(order, "C")];

        Rounds.Run(measures, 3, Pace, round => order.Add($"{round}"));

        Assert.Equal("0 A B C 1 C B A 2 A B C 3 C B A", string.Join(' ', order));
        Assert.All(measures, measure => Assert.Equal(3, measure.Readings.Count));
    }

    [Theory]
    [InlineData(1.8, "met")]
    [InlineData(1.7, "met")]
    [InlineData(1.0, "first step met")]
    [InlineData(0.8, "missed")]
    public void A_target_may_have_a_first_step(double ratio, string verdict) =>
        Assert.Equal(verdict, Target.AtLeast(1.7, first: 0.9).Verdict(ratio));

    [Fact]
    public void A_rival_that_the_machine_lacks_is_left_out_and_one_that_fails_is_a_failure()
    {
        var missing = RowResultOf(_ => throw new PeerMissingException("no such program"));
        var failing = RowResultOf(_ => throw new InvalidOperationException("refused"));

        Assert.Equal(("left out", false), (missing.Verdict, missing.HasFailed));
        Assert.Equal(("failed", true), (failing.Verdict, failing.HasFailed));
    }

    [Fact]
    public void A_reading_in_which_nothing_was_answered_is_a_failure_and_not_a_ratio()
    {
        var row = RowResultOf(static _ => Figure(0));

        Assert.True(row.HasFailed);
        Assert.Null(row.Figure);
    }

    [Fact]
    public void A_core_of_the_client_that_most_connections_wait_for_limits_a_reading()
    {
        var reading = new Reading(1000, 0.9, 0.99, 0);

        Assert.Equal("client", (reading with { ClientQueue = 0.9 }).LimitedBy());
        Assert.NotEqual("client", (reading with { ClientQueue = 0.1 }).LimitedBy());
        Assert.Equal(990, reading.ClientMicrosecondsEach);
    }

    // 200 requests a day, 80 % of them in 17,280 seconds: 0.00926 a second each.
    [Fact]
    public void Daily_users_are_those_whose_evening_the_rate_is() =>
        Assert.Equal(75_600, new Capacity(1000, 0.7, new LatencyHistogram()).DailyUsers);

    private static RowResult RowResultOf(Func<Pace, Reading> rival)
    {
        var row = new Comparison("row", new("ours", static _ => Figure(1)), new("rival", rival), null);
        Rounds.Run([row.Ours, row.Theirs], 1, Pace, static _ => { });
        return RowResult.Of(row);
    }

    private static Comparison Row(double[] ours, double[] theirs) => new("row", InTurn("ours", ours), InTurn("theirs", theirs), null);

    // The warm-up round takes one more reading.
    private static Measure InTurn(string name, double[] figures)
    {
        var next = -1;
        return new(name, _ => Figure(figures[Math.Max(0, next++)]));
    }

    private static Measure Noting(List<string> order, string name) => new(name, _ =>
    {
        order.Add(name);
        return Figure(1);
    });

    private static Reading Figure(double value) => new(value, 0, 0, 0);
}
