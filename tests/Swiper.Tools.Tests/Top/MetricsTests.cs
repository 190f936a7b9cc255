using System.Diagnostics;
using Swiper.Tools.Top;

namespace Swiper.Tools.Tests.Top;

/// <summary>What two scrapes say of the time between them.</summary>
public sealed class MetricsTests
{
    [Fact]
    public void A_rate_is_what_was_added_a_second_of_all_series_and_hosts()
    {
        var metrics = new Metrics(
            Between("n{op=\"a\"} 10\nn{op=\"b\"} 5", "n{op=\"a\"} 30\nn{op=\"b\"} 5", seconds: 2),
            Between("n{op=\"a\"} 0", "n{op=\"a\"} 4", seconds: 1));

        Assert.Equal(14, metrics.Rate("n"));
        Assert.Equal(0, metrics.Where("op", "b").Rate("n"));
        Assert.Equal(0, metrics.WhereNot("op", "a").Rate("n"));
        Assert.Equal(14.0 / 3, metrics.MeanRate("n")!.Value, precision: 9);
        Assert.Equal(["a", "b"], metrics.Values("n", "op"));
    }

    [Fact]
    public void A_counter_that_began_anew_counts_from_nothing() =>
        Assert.Equal(3, new Metrics(Between("n 1000", "n 3", seconds: 1)).Rate("n"));

    [Fact]
    public void A_series_that_was_not_there_counts_from_nothing() =>
        Assert.Equal(7, new Metrics(Between("n{op=\"a\"} 1", "n{op=\"a\"} 1\nn{op=\"b\"} 7", seconds: 1)).Rate("n"));

    [Fact]
    public void After_the_first_scrape_there_are_values_and_no_rates()
    {
        var metrics = new Metrics(new Interval(earlier: null, new Scrape(1, MetricsText.Parse("n 5"))));

        Assert.Equal((5, null, null), (metrics.Sum("n"), metrics.Rate("n"), metrics.Quantile("n", 0.5)));
    }

    [Fact]
    public void What_a_host_does_not_have_is_not_known_and_takes_nothing_from_the_others()
    {
        var metrics = new Metrics(Between("other 1", "other 1", seconds: 1), Between("n 1", "n 2", seconds: 1));

        Assert.Equal((1, 2), (metrics.Rate("n"), metrics.Max("n")));
        Assert.Equal((null, null, null, null), (metrics.Sum("x"), metrics.Min("x"), metrics.Rate("x"), metrics.Mean("x")));
    }

    [Fact]
    public void What_is_not_a_number_is_not_known() => Assert.Null(new Metrics(Between("n 1", "n NaN", seconds: 1)).Sum("n"));

    [Theory]
    [InlineData(0.5, 0.15)]
    [InlineData(0.2, 0.05)]
    [InlineData(0.775, 0.25)]
    [InlineData(0.999, 0.3)]
    public void A_quantile_is_what_Prometheus_estimates(double share, double expected)
    {
        // Of 100 in all, 40 took up to 0.1, 20 more up to 0.2, 35 up to 0.3 and 5 longer.
        var first = Between(Histogram(0, 0, 0, 0), Histogram(30, 40, 50, 50), seconds: 1);
        var second = Between(Histogram(100, 100, 100, 100), Histogram(110, 120, 145, 150), seconds: 1);

        var quantile = new Metrics(first, second).Quantile("h", share)!.Value;

        Assert.Equal(expected, quantile, precision: 9);

        static string Histogram(params int[] upTo) => $"""
            h_bucket{"{"}le="0.1"{"}"} {upTo[0]}
            h_bucket{"{"}le="0.2"{"}"} {upTo[1]}
            h_bucket{"{"}le="0.3"{"}"} {upTo[2]}
            h_bucket{"{"}le="+Inf"{"}"} {upTo[3]}
            """;
    }

    [Fact]
    public void A_histogram_that_was_told_nothing_has_no_quantile() =>
        Assert.Null(new Metrics(Between("h_bucket{le=\"+Inf\"} 5", "h_bucket{le=\"+Inf\"} 5", seconds: 1)).Quantile("h", 0.5));

    private static Interval Between(string before, string after, int seconds) => new(
        new Scrape(0, MetricsText.Parse(before)), new Scrape(seconds * Stopwatch.Frequency, MetricsText.Parse(after)));
}
