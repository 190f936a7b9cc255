using System.Globalization;
using System.Xml.Linq;
using Swiper.Load.Formatting;
using Swiper.Load.Results;

namespace Swiper.Load.Reports.Html;

/// <summary>The tables of the page.</summary>
internal static class Tables
{
    private const int MostRowsOfTimeline = 120;

    private static readonly Column[] TimelineColumns =
    [
        Column.Words("time"), Column.Numbers("requests a second"), Column.Numbers("from the warm-up"), Column.Numbers("errors"),
        Column.Numbers("highest p99"), Column.Numbers("max"), Column.Numbers("connections"),
    ];

    public static XElement? Thresholds(LoadReport report) => report.Thresholds.Count == 0 ? null : HtmlReport.Section(
        "Thresholds",
        HtmlTable.Of(
            [Column.Words(""), Column.Words("threshold"), Column.Words("measured")],
            report.Thresholds.Select(threshold => new object[]
            {
                new XElement("span", new XAttribute("class", threshold.Met ? "met" : "missed"), threshold.Met ? "✓ met" : "✗ missed"),
                threshold.Rule, threshold.Actual,
            })));

    public static XElement Steps(LoadReport report)
    {
        Column[] columns =
        [
            Column.Words("request"), Column.Numbers(StepRows.CountTitle(report)), Column.Numbers("replies"),
            Column.Numbers("replies a second"), Column.Numbers("mean"), Column.Numbers("p50"), Column.Numbers("p90"),
            Column.Numbers("p99"), Column.Numbers("p99.9"), Column.Numbers("max"), Column.Words("codes"),
        ];
        var rows = StepRows.Of(report, (name, step, isTotal) => StepRow(isTotal ? new XElement("strong", name) : name, step));
        return HtmlReport.Section("Requests", HtmlTable.Of(columns, rows));
    }

    public static XElement? Figures(LoadReport report) => report.Figures.Count == 0 ? null : HtmlReport.Section(
        "Other figures",
        HtmlTable.Of(
            [Column.Words("figure"), Column.Numbers("value")],
            report.Figures.Select(figure => new object[] { figure.Key, NumberText.Exact(figure.Value) })));

    public static XElement Timeline(LoadReport report) => new(
        "details",
        new XElement("summary", "These charts as a table"),
        HtmlTable.Of(
            TimelineColumns,
            Stretch.Of(report.Timeline, MostRowsOfTimeline).Select(stretch => new object[]
            {
                stretch.Time, stretch.Rate, stretch.WarmUpEnded == 0 ? "" : NumberText.Of(stretch.WarmUpEnded),
                NumberText.Of(stretch.Errors), LatencyText.Of(stretch.P99), LatencyText.Of(stretch.Max),
                NumberText.Of(stretch.Connections),
            })));

    public static XElement Setting(LoadReport report)
    {
        var setting = report.Setting;
        return HtmlReport.Section(
            "How it was run",
            new XElement("pre", new XElement("code", setting.Command)),
            new XElement(
                "dl",
                Entry("Load", $"{LoopText.Of(report)}: " + (setting.Rate is null
                    ? "each connection waits for a reply before it sends the next request, and latency counts from sending"
                    : "latency counts from when each request was due")),
                Entry("Connections",
                    $"{NumberText.Of(setting.Connections)} from {NumberText.Of(setting.Processes)} "
                    + (setting.Processes == 1 ? "process" : "processes")),
                Entry("Server", setting.Server),
                Entry("Machine",
                    string.Create(CultureInfo.InvariantCulture, $"{setting.Machine}, {setting.Cores} cores, {setting.Runtime}")),
                Entry("CPU cores used", CoresText.Of(setting)),
                setting.Commit is null ? null : Entry("Commit", setting.Commit)),
            new XElement(
                "p", new XAttribute("class", "note"),
                "Replies are those received in the measured part, whenever their request was due; latencies and codes are those of the "
                + "requests due in it. Errors are all replies other than Ok, and requests without a reply; an error after the measured "
                + "part is drawn where its request was due. Percentiles are at most 1 % too high. If a chart has more seconds than room, "
                + "it shows the lowest and the highest of each stretch."));
    }

    private static XElement[] Codes(StepResult step) =>
    [
        .. step.Codes.OrderBy(code => code.Key).Select(code => new XElement(
            "span", new XAttribute("class", code.Key == 0 ? "code" : "code bad"), CodeText.Of([code])))
    ];

    private static XElement[] Entry(string name, string value) => [new("dt", name), new("dd", value)];

    private static object[] StepRow(object name, StepResult step)
    {
        var latency = step.MeasuredLatency;
        return
        [
            name, NumberText.Of(step.Count), NumberText.Of(step.Replies), NumberText.Of(step.PerSecond), LatencyText.Of(latency.Mean),
            LatencyText.Of(latency.P50), LatencyText.Of(latency.P90), LatencyText.Of(latency.P99), LatencyText.Of(latency.P999),
            LatencyText.Of(latency.Max), Codes(step),
        ];
    }
}
