using System.Xml.Linq;
using Swiper.Load.Formatting;
using Swiper.Load.Results;

namespace Swiper.Load.Reports.Html;

/// <summary>A report as a self-contained page: inline style and drawings, no script.</summary>
internal static class HtmlReport
{
    public static string Write(LoadReport report)
    {
        var charts = new ReportCharts(report);
        return HtmlText.Of(new XElement(
            "html", new XAttribute("lang", "en"),
            Head(report),
            new XElement(
                "body",
                new XElement(
                    "main",
                    Overview.Header(report),
                    Overview.Tiles(report),
                    Overview.Remarks(report),
                    Tables.Thresholds(report),
                    report.Timeline.Count == 0 ? null : Section(
                        "Over time",
                        ChartFigure.Of("Requests a second", charts.Rate()),
                        ChartFigure.Of("Latency, each second by itself", charts.Latency()),
                        Tables.Timeline(report)),
                    report.Total.Distribution.Count == 0
                        ? null
                        : Section("Distribution", ChartFigure.Of("Latency by percentile", charts.Distribution())),
                    Tables.Steps(report),
                    Tables.Figures(report),
                    Tables.Setting(report)))));
    }

    public static XElement Section(string title, params object?[] content) => new("section", new XElement("h2", title), content);

    private static XElement Head(LoadReport report) => new(
        "head",
        new XElement("meta", new XAttribute("charset", "utf-8")),
        new XElement("meta", new XAttribute("name", "viewport"), new XAttribute("content", "width=device-width, initial-scale=1")),
        // Nothing injected into the page can run or fetch anything.
        new XElement("meta", new XAttribute("http-equiv", "Content-Security-Policy"),
            new XAttribute("content", "default-src 'none'; style-src 'unsafe-inline'")),
        new XElement("title", $"{report.Scenario}, {report.Profile}: {VerdictText.Of(report)}"),
        new XElement("style", StyleSheet.Text));
}

/// <summary>The style of the page, from <c>report.css</c> beside this file.</summary>
internal static class StyleSheet
{
    public static string Text { get; } = Read();

    private static string Read()
    {
        using var stream = typeof(StyleSheet).Assembly.GetManifestResourceStream("report.css")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
