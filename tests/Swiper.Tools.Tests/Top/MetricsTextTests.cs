using Swiper.Tools.Top;

namespace Swiper.Tools.Tests.Top;

public sealed class MetricsTextTests
{
    private const string Text = """
        # TYPE swiper_requests_total counter
        # HELP swiper_requests_total Requests, by "op".
        swiper_requests_total{op="swipe",code="0",} 12
        swiper_requests_total { code = "1004" , op="swipe" } 3.5e2 1700000000000

        up 1
        odd{text="a \"b\" \\ c\nd } é"} +Inf
        less -Inf
        none NaN
        """;

    [Fact]
    public void Every_sample_has_its_name_labels_and_value()
    {
        var samples = MetricsText.Parse(Text);

        Assert.Equal(
            ["swiper_requests_total", "swiper_requests_total", "up", "odd", "less", "none"], samples.Select(sample => sample.Name));
        Assert.Equal(
            [12, 350, 1, double.PositiveInfinity, double.NegativeInfinity, double.NaN], samples.Select(sample => sample.Value));
        Assert.Equal([KeyValuePair.Create("code", "0"), KeyValuePair.Create("op", "swipe")], samples[0].Labels);
        Assert.True(samples[1].Has("code", "1004"));
        Assert.Equal("a \"b\" \\ c\nd } é", samples[3].Labels["text"]);
        Assert.Equal(samples.Count, samples.Select(sample => sample.Series).Distinct().Count());
    }

    [Fact]
    public void The_order_of_labels_makes_no_other_series() => Assert.Single(
        MetricsText.Parse("a{b=\"1\",c=\"2\"} 1\na{c=\"2\",b=\"1\"} 2").Select(sample => sample.Series).Distinct());

    [Theory]
    [InlineData("2a 1", "a name expected")]
    [InlineData("a", "'' is not a number")]
    [InlineData("a one", "'one' is not a number")]
    [InlineData("a Infinity", "'Infinity' is not a number")]
    [InlineData("a 1 soon", "a time in milliseconds expected after the value")]
    [InlineData("a{b=\"1\"", "',' expected")]
    [InlineData("a{b=\"1", "a label's value has no end")]
    [InlineData("a{b=\"1\\", "a label's value has no end")]
    [InlineData("a{b=\"\\t\"} 1", "no such escape: \\t")]
    [InlineData("a{b=1} 1", "'\"' expected")]
    [InlineData("a{b:c=\"1\"} 1", "'=' expected")]
    [InlineData("a{b=\"1\",b=\"2\"} 1", "label 'b' twice")]
    [InlineData("a{b=\"1\"c=\"2\"} 1", "',' expected")]
    [InlineData("<html>", "a name expected")]
    public void What_is_no_sample_is_told_with_its_line(string line, string problem) =>
        Assert.Equal($"line 2: {problem}", Assert.Throws<FormatException>(() => MetricsText.Parse($"up 1\n{line}\n")).Message);

    [Fact]
    public void A_text_that_ends_too_early_is_read_or_refused_wherever_it_ends()
    {
        for (var length = 0; length < Text.Length; length++)
        {
            try
            {
                Assert.InRange(MetricsText.Parse(Text[..length]).Count, 0, 6);
            }
            catch (FormatException)
            {
                // Any other exception fails the test.
            }
        }
    }
}
