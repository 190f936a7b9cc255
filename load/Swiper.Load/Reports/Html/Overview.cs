using System.Globalization;
using System.Xml.Linq;
using Swiper.Load.Formatting;
using Swiper.Load.Results;

namespace Swiper.Load.Reports.Html;

/// <summary>The top of the page: what was run, its verdict, and the key figures.</summary>
internal static class Overview
{
    public static XElement Header(LoadReport report) => new(
        "header",
        new XElement("p", new XAttribute("class", "eyebrow"), "Swiper load report"),
        new XElement(
            "h1", new XElement("span", report.Scenario), " ",
            new XElement("span", new XAttribute("class", $"badge {VerdictText.Of(report).Replace(' ', '-')}"), VerdictText.Of(report))),
        new XElement(
            "p", new XAttribute("class", "subtitle"),
            string.Create(
                CultureInfo.InvariantCulture,
                $"{report.Profile} · {LatencyText.Of(report.Seconds * 1e6)} measured · "
                + $"{report.Started.ToUniversalTime():d MMMM yyyy, HH:mm} UTC")));

    public static XElement Tiles(LoadReport report)
    {
        var total = report.Total;
        var (latency, errors) = (total.MeasuredLatency, total.Codes.Errors());
        var due = report switch
        {
            { Setting.Rate: null } => "closed loop",
            { DuePerSecond: { } perSecond } => $"of {NumberText.Of(perSecond)} due",
            _ => "nothing measured",
        };
        return new XElement(
            "div", new XAttribute("class", "tiles"),
            Tile("requests a second", NumberText.Of(total.PerSecond), due),
            Tile("errors", NumberText.Of(errors), $"{NumberText.Share(errors, total.Codes.All())} of all", errors > 0 ? "bad" : ""),
            Tile("p50", LatencyText.Of(latency.P50), $"mean {LatencyText.Of(latency.Mean)}"),
            Tile("p99", LatencyText.Of(latency.P99), "1 % took longer"),
            Tile("p99.9", LatencyText.Of(latency.P999), "0.1 % took longer"),
            Tile("max", LatencyText.Of(latency.Max), "longest request"));
    }

    public static XElement? Remarks(LoadReport report) => Reports.Remarks.On(report) is { Count: > 0 } remarks
        ? new XElement("ul", new XAttribute("class", "remarks"), remarks.Select(remark => new XElement("li", remark)))
        : null;

    private static XElement Tile(string name, string value, string note, string style = "") => new(
        "div", new XAttribute("class", $"tile {style}"),
        new XElement("span", new XAttribute("class", "name"), name),
        new XElement("span", new XAttribute("class", "value"), value),
        new XElement("span", new XAttribute("class", "note"), note));
}
