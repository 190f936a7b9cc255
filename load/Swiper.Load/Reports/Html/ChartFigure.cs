using System.Xml.Linq;
using Swiper.Load.Reports.Charts;

namespace Swiper.Load.Reports.Html;

/// <summary>A chart with caption and legend, in two sizes; the style sheet shows one of them.</summary>
internal static class ChartFigure
{
    public static XElement Of(string caption, LineChart chart) => new(
        "figure",
        new XElement("figcaption", new XElement("strong", caption), Legend(chart)),
        chart.Draw(ChartSize.Wide),
        chart.Draw(ChartSize.Narrow));

    private static XElement Legend(LineChart chart)
    {
        var keys = chart.Series.Select(series => (series.Style, series.Name));
        if (chart.ShadedUntil is not null)
            keys = keys.Append((Style: "warm-up", Name: "warm-up"));
        return new XElement("span", new XAttribute("class", "legend"), keys.Select(key => Key(key.Style, key.Name)));
    }

    private static XElement Key(string style, string name) => new(
        "span", new XAttribute("class", "key"), new XElement("i", new XAttribute("class", $"swatch {style}")), name);
}
