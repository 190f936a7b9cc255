using Swiper.Load.Reports.Charts;

namespace Swiper.Load.Tests.Reports;

public sealed class AxisTests
{
    [Theory]
    [InlineData(0, "0 0.2 0.4 0.6 0.8 1")]
    [InlineData(1, "0 0.2 0.4 0.6 0.8 1")]
    [InlineData(7, "0 1 2 3 4 5 6 7")]
    [InlineData(10_900, "0|2 k|4 k|6 k|8 k|10 k|12 k")]
    [InlineData(2_000_000, "0|500 k|1 M|1.5 M|2 M")]
    [InlineData(double.NaN, "0 0.2 0.4 0.6 0.8 1")]
    public void A_linear_axis_has_round_ticks_from_zero(double largest, string labels) =>
        Assert.Equal(labels.Split(labels.Contains('|', StringComparison.Ordinal) ? '|' : ' '),
            new LinearAxis(largest).Ticks(8).Select(tick => tick.Label));

    [Fact]
    public void A_linear_axis_places_in_proportion_and_nothing_beyond_its_ends()
    {
        var axis = new LinearAxis(10);

        Assert.Equal([0, 0.25, 1, 1, 0, 0],
            [axis.Place(0), axis.Place(2.5), axis.Place(10), axis.Place(11), axis.Place(-1), axis.Place(double.NaN)]);
    }

    [Theory]
    [InlineData(new double[] { 300, 1_800 }, "200 µs|500 µs|1 ms|2 ms")]
    [InlineData(new double[] { 1_500, 1_600 }, "200 µs|500 µs|1 ms|2 ms")]
    [InlineData(new double[] { 100, 1_000_000 }, "100 µs|1 ms|10 ms|100 ms|1 s")]
    [InlineData(new double[] { 0, 0 }, "1 µs|2 µs|5 µs|10 µs")]
    [InlineData(new double[0], "1 µs|2 µs|5 µs|10 µs")]
    [InlineData(new[] { double.NaN, 5 }, "1 µs|2 µs|5 µs|10 µs")]
    public void A_logarithmic_axis_has_round_ticks_and_a_decade_at_least(double[] values, string labels) =>
        Assert.Equal(labels.Split('|'), new LogAxis(values).Ticks(6).Select(tick => tick.Label));

    [Fact]
    public void A_logarithmic_axis_gives_each_decade_the_same_room_and_draws_zero_at_its_beginning()
    {
        var axis = new LogAxis([10, 100_000]);

        Assert.Equal([0, 0, 0.25, 0.5, 1], new double[] { 0, 10, 100, 1_000, 100_000 }.Select(value => Math.Round(axis.Place(value), 9)));
    }

    [Theory]
    [InlineData(1e18)]
    [InlineData(1e300)]
    public void A_logarithmic_axis_over_everything_has_no_more_ticks_than_asked_for(double largest) =>
        Assert.InRange(new LogAxis([1, largest]).Ticks(6).Count, 2, 6);

    [Theory]
    [InlineData(0, 12, "0 %|50 %|90 %")]
    [InlineData(1_000, 12, "0 %|50 %|90 %|99 %|99.9 %")]
    [InlineData(long.MaxValue, 12, "0 %|50 %|90 %|99 %|99.9 %|99.99 %|99.999 %|99.9999 %|99.99999 %")]
    [InlineData(1_000_000, 5, "0 %|90 %|99.9 %|99.999 %")]
    public void A_percentile_axis_has_a_tick_a_nine(long count, int atMost, string labels) =>
        Assert.Equal(labels.Split('|'), new PercentileAxis(count).Ticks(atMost).Select(tick => tick.Label));

    [Fact]
    public void A_percentile_axis_ends_where_one_request_is_left()
    {
        var axis = new PercentileAxis(10_000);

        Assert.Equal([0, 0.25, 0.5, 0.75, 1, 1], new[] { 0, 90, 99, 99.9, 99.99, 100 }.Select(value => Math.Round(axis.Place(value), 9)));
    }

    [Theory]
    [InlineData(0, 30, "0:00|0:05|0:10|0:15|0:20|0:25|0:30")]
    [InlineData(-5, 60, "0:00|0:10|0:20|0:30|0:40|0:50|1:00")]
    [InlineData(0, 36_000, "0:00|2:00:00|4:00:00|6:00:00|8:00:00|10:00:00")]
    [InlineData(0, 0, "0:00|0:01")]
    public void A_time_axis_has_ticks_at_whole_steps_of_the_clock(double start, double end, string labels) =>
        Assert.Equal(labels.Split('|'), new TimeAxis(start, end).Ticks(7).Select(tick => tick.Label));

    [Fact]
    public void A_time_axis_of_a_year_has_no_more_ticks_than_asked_for() =>
        Assert.InRange(new TimeAxis(0, 365 * 86_400.0).Ticks(7).Count, 2, 8);
}
