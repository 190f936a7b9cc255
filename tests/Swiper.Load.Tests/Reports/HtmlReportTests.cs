using System.Xml.Linq;
using Swiper.Load.Reports;
using Swiper.Load.Reports.Charts;
using Swiper.Load.Reports.Html;
using Swiper.Load.Results;

namespace Swiper.Load.Tests.Reports;

public sealed class HtmlReportTests
{
    private const string Hostile = "</title></style><script>alert(1)</script>&<img src=x onerror=alert(1)>\"'\0\u0001\u202E\uFFFF\uD800";

    public static TheoryData<string, LoadReport> Cases => new()
    {
        { "nothing measured", SampleReports.Empty },
        { "one second", SampleReports.Of([SampleReports.Second(1, ok: 100, throttled: 0, p50: 250, connections: 4)]) },
        { "warm-up alone", SampleReports.Of([SampleReports.Second(-1, ok: 100, throttled: 0, p50: 250, connections: 4)]) },
        { "all failed", SampleReports.Of([SampleReports.Second(1, ok: 0, throttled: 100, p50: 250, connections: 4)]) },
        { "without latency", SampleReports.Of([SampleReports.Second(1, ok: 100, throttled: 0, p50: 0, connections: 4)]) },
        { "a latency of years", SampleReports.Of([SampleReports.Second(1, ok: 100, throttled: 0, p50: 1e14, connections: 4)]) },
        { "a count beyond all",
            SampleReports.Of([SampleReports.Second(1, ok: long.MaxValue / 2, throttled: 0, p50: 250, connections: int.MaxValue)]) },
        { "figures that are no numbers",
            SampleReports.Of([SampleReports.Second(1, ok: 100, throttled: 0, p50: double.NaN, connections: 4)]) },
        { "no steps", SampleReports.MixedTraffic(seconds: 5) with { Steps = [] } },
        { "many steps", ManySteps() },
        { "overload", SampleReports.Overload() },
        { "no thresholds", SampleReports.MixedTraffic(seconds: 5) with { Thresholds = [] } },
    };

    [Theory]
    [MemberData(nameof(Cases), DisableDiscoveryEnumeration = true)]
    public void The_page_is_whole_and_its_drawings_hold_numbers_only(string what, LoadReport report)
    {
        var page = Page(report);

        Assert.Equal("html", page.Name.LocalName);
        Assert.All(
            page.Descendants().Where(element => element.Name.Namespace == LineChart.Svg).Attributes(),
            attribute => Assert.DoesNotMatch("NaN|∞|Infinity|E[+]", attribute.Value));
        Assert.True(page.Descendants("section").Any(), what);
    }

    [Fact]
    public void Hostile_names_are_text_everywhere()
    {
        var report = SampleReports.MixedTraffic(seconds: 3);
        var html = HtmlReport.Write(report with
        {
            Scenario = Hostile,
            Profile = Hostile,
            Setting = report.Setting with { Command = Hostile, Server = Hostile, Machine = Hostile, Runtime = Hostile, Commit = Hostile },
            Steps = [.. report.Steps.Select(step => step with { Name = Hostile })],
            Thresholds = [new ThresholdResult(Hostile, Hostile, false)],
            Figures = new Dictionary<string, double> { [Hostile] = 1 },
        });

        var page = XDocument.Parse(html).Root!;
        Assert.Empty(page.Descendants("script").Concat(page.Descendants("img")));
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain('\u202E', html);
        Assert.DoesNotContain('\0', html);
        Assert.StartsWith("</title></style><script>alert(1)</script>&<img src=x onerror=alert(1)>\"'",
            page.Descendants("code").Single().Value, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_fetches_nothing()
    {
        var page = Page(SampleReports.MixedTraffic(seconds: 3));

        Assert.DoesNotContain(page.DescendantsAndSelf().Attributes(), attribute => attribute.Name.LocalName is "src" or "href");
        Assert.DoesNotMatch("url\\(|@import", page.Descendants("style").Single().Value);
    }

    [Fact]
    public void The_style_is_the_same_for_a_browser_as_for_an_XML_parser() =>
        // HTML parsers don't decode entities inside style.
        Assert.Contains(Page(SampleReports.Empty).Descendants("style").Single().Value, HtmlReport.Write(SampleReports.Empty),
            StringComparison.Ordinal);

    [Fact]
    public void Every_element_that_a_browser_wants_closed_is_closed_by_an_end_tag()
    {
        string[] void_ = ["meta"];
        var html = HtmlReport.Write(SampleReports.Empty);

        var open = XDocument.Parse(html, LoadOptions.PreserveWhitespace).Descendants()
            .Where(element => element.IsEmpty && element.Name.Namespace == XNamespace.None);

        Assert.All(open, element => Assert.Contains(element.Name.LocalName, void_));
    }

    [Fact]
    public void Thresholds_stand_with_what_was_measured_and_whether_they_were_met()
    {
        var page = Page(SampleReports.MixedTraffic(seconds: 3));

        var rows = page.Descendants("section").First().Descendants("tbody").Single().Elements("tr")
            .Select(row => row.Elements("td").Select(cell => cell.Value).ToArray());
        Assert.Equal([["✓ met", "p99 <= 50 ms", "4.8 ms"], ["✗ missed", "errors <= 0.01 %", "0.52 %"]], rows);
        Assert.Equal("failed", page.Descendants("span")
            .Single(span => span.Attribute("class")?.Value.StartsWith("badge", StringComparison.Ordinal) == true).Value);
    }

    [Fact]
    public void Errors_are_drawn_where_there_were_some_and_nowhere_else()
    {
        var healthy = Enumerable.Range(1, 9).Select(at => SampleReports.Second(at, ok: 100, throttled: 0, p50: 250, connections: 4))
            .ToList();
        var ill = healthy.Select(second =>
            second.At == 5 ? SampleReports.Second(5, ok: 50, throttled: 50, p50: 250, connections: 4) : second).ToList();

        Assert.Empty(ErrorLines(healthy));
        var errors = Assert.Single(ErrorLines(ill));
        Assert.Equal([double.NaN, double.NaN, double.NaN, 0, 50, 0, double.NaN, double.NaN, double.NaN],
            errors.Points.Select(point => point.Y));
    }

    [Fact]
    public void Requests_that_were_never_answered_are_drawn_as_errors_of_the_second_in_which_they_were_due()
    {
        var chart = new ReportCharts(SampleReports.Overload()).Rate();

        var errors = Assert.Single(chart.Series, series => series.Name == "errors");
        Assert.Equal([double.NaN, double.NaN, 60_000, 60_000, 60_000], errors.Points.Select(point => point.Y));
        Assert.Contains("180,000 errors", chart.Description, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_warm_up_left_is_drawn_by_itself_and_its_latencies_stay_in_the_warm_up()
    {
        var charts = new ReportCharts(SampleReports.Overload());

        var earlier = Assert.Single(charts.Rate().Series, series => series.Name == "from the warm-up");
        Assert.Equal([double.NaN, double.NaN, 3_000, 3_000, 3_000], earlier.Points.Select(point => point.Y));
        Assert.All(charts.Latency().Series, series => Assert.All(series.Points, point => Assert.Equal(point.X > 0, point.IsGap)));
        Assert.Equal([-1.5, -0.5, 0.5, 1.5, 2.5], charts.Latency().Series[0].Points.Select(point => point.X));
        var calm = new ReportCharts(SampleReports.MixedTraffic(seconds: 9)).Rate();
        Assert.DoesNotContain(calm.Series, series => series.Name == "from the warm-up");
    }

    [Theory]
    [InlineData(3)]
    [InlineData(600)]
    public void No_stretch_has_seconds_of_the_warm_up_and_measured_ones(int seconds)
    {
        var timeline = SampleReports.MixedTraffic(seconds).Timeline;

        var stretches = Stretch.Of(timeline, atMost: 120);
        Assert.InRange(stretches.Count, 2, 120);
        Assert.All(stretches, stretch => Assert.True(stretch.Last <= 0 || stretch.First > 0, stretch.Time));
        Assert.Equal(timeline.Sum(second => second.Codes.Errors()), stretches.Sum(stretch => stretch.Errors));
    }

    [Fact]
    public void A_second_without_requests_is_a_gap_in_the_latency_and_a_zero_in_the_rate()
    {
        var charts = new ReportCharts(SampleReports.Of(
        [
            SampleReports.Second(1, ok: 100, throttled: 0, p50: 250, connections: 4),
            SampleReports.Second(2, ok: 0, throttled: 0, p50: 0, connections: 4),
            SampleReports.Second(3, ok: 100, throttled: 0, p50: 250, connections: 4),
        ]));

        Assert.Equal([250, double.NaN, 250], charts.Latency().Series[^1].Points.Select(point => point.Y));
        Assert.Equal([100, 0, 100], charts.Rate().Series[0].Points.Select(point => point.Y));
    }

    [Fact]
    public void What_was_due_is_drawn_as_it_climbed()
    {
        var report = SampleReports.Of(
        [
            SampleReports.Second(0, ok: 40, throttled: 0, p50: 250, connections: 4) with { DuePerSecond = 50 },
            SampleReports.Second(1, ok: 90, throttled: 0, p50: 250, connections: 4) with { DuePerSecond = 100 },
        ]) with
        { DuePerSecond = 100 };
        report = report with { Setting = report.Setting with { Rate = 500 } };

        var due = Assert.Single(new ReportCharts(report).Rate().Series, series => series.Name == "due");
        Assert.Equal([new(-0.5, 50), new(0.5, 100)], due.Points);
        Assert.Contains("of 100 due", Page(report).Value, StringComparison.Ordinal);
        Assert.Contains("ramping up to 500 a second", Page(report).Value, StringComparison.Ordinal);
    }

    [Fact]
    public void The_distribution_climbs_in_steps_at_the_exact_shares()
    {
        var report = SampleReports.Of([SampleReports.Second(1, ok: 1_000, throttled: 0, p50: 250, connections: 4)]);
        report = report with
        {
            Steps = [],
            Total = report.Total with
            {
                Distribution = [new LatencyBucket(100, 900), new LatencyBucket(700, 99), new LatencyBucket(9_000, 1)]
            },
        };

        var line = Assert.Single(new ReportCharts(report).Distribution().Series);

        Assert.Equal([new(0, 100), new(90, 100), new(90, 700), new(99.9, 700), new(99.9, 9_000), new(100, 9_000)], line.Points);
    }

    [Fact]
    public void A_fine_distribution_is_drawn_up_to_the_longest_request()
    {
        var report = SampleReports.Of([SampleReports.Second(1, ok: 100_000, throttled: 0, p50: 250, connections: 4)]);
        var fine = Enumerable.Range(1, 4_000).Select(bucket => new LatencyBucket(bucket, 25)).ToList();
        var chart = new ReportCharts(report with { Steps = [], Total = report.Total with { Distribution = fine } }).Distribution();

        var line = chart.Draw(ChartSize.Wide).Descendants(LineChart.Svg + "path").Single().Attribute("d")!.Value;

        Assert.Contains(FormattableString.Invariant($"L{ChartSize.Wide.Width - ChartSize.Right} "), line[line.LastIndexOf('L')..],
            StringComparison.Ordinal);
    }

    [Fact]
    public void Ten_hours_make_no_larger_page_than_ten_minutes_by_half()
    {
        var tenMinutes = HtmlReport.Write(SampleReports.MixedTraffic(seconds: 600)).Length;

        Assert.InRange(HtmlReport.Write(SampleReports.MixedTraffic(seconds: 36_000)).Length, tenMinutes / 2, tenMinutes * 3 / 2);
    }

    private static IEnumerable<Series> ErrorLines(IReadOnlyList<Interval> timeline) =>
        new ReportCharts(SampleReports.Of(timeline)).Rate().Series.Where(series => series.Name == "errors");

    private static XElement Page(LoadReport report) => XDocument.Parse(HtmlReport.Write(report)).Root!;

    private static LoadReport ManySteps()
    {
        var report = SampleReports.MixedTraffic(seconds: 5);
        return report with { Steps = [.. Enumerable.Range(0, 40).Select(index => report.Total with { Name = $"step {index}" })] };
    }
}
