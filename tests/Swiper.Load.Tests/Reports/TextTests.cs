using Swiper.Load.Formatting;

namespace Swiper.Load.Tests.Reports;

public sealed class TextTests
{
    [Theory]
    [InlineData(0, "0 µs")]
    [InlineData(0.4, "0.4 µs")]
    [InlineData(999.4, "999 µs")]
    [InlineData(999.6, "1 ms")]
    [InlineData(1_234, "1.23 ms")]
    [InlineData(12_345, "12.3 ms")]
    [InlineData(999_600, "1 s")]
    [InlineData(119_000_000, "119 s")]
    [InlineData(120_000_000, "2 min")]
    [InlineData(36_000_000_000, "10 h")]
    [InlineData(double.NaN, "–")]
    [InlineData(double.PositiveInfinity, "–")]
    public void A_latency_has_three_digits_and_the_unit_that_suits_it(double microseconds, string text) =>
        Assert.Equal(text, LatencyText.Of(microseconds));

    [Theory]
    [InlineData(0, 100, "0 %")]
    [InlineData(1, 1_000_000, "< 0.01 %")]
    [InlineData(1, 3, "33.33 %")]
    [InlineData(999_999, 1_000_000, "> 99.99 %")]
    [InlineData(100, 100, "100 %")]
    [InlineData(0, 0, "0 %")]
    public void What_is_not_zero_never_reads_as_zero_and_what_is_not_all_never_as_all(double part, double whole, string text) =>
        Assert.Equal(text, NumberText.Share(part, whole));

    [Theory]
    [InlineData(0, "Ok")]
    [InlineData(1005, "1005 Throttled")]
    [InlineData(-1, "no reply")]
    [InlineData(4321, "4321")]
    [InlineData(70_000, "70000")]
    public void A_code_has_its_name_where_it_has_one(int code, string text) => Assert.Equal(text, CodeText.Of(code));

    [Theory]
    [InlineData(7, "0:07")]
    [InlineData(59.6, "1:00")]
    [InlineData(3_723, "1:02:03")]
    [InlineData(100_000, "27:46:40")]
    public void A_clock_counts_hours_beyond_a_day(double seconds, string text) => Assert.Equal(text, ClockText.Of(seconds));
}
