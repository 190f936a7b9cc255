using System.Globalization;
using System.Xml.Linq;

namespace Swiper.Load.Reports.Charts;

/// <summary>The tooltip of a stretch of a chart's x axis.</summary>
internal readonly record struct Hover(double From, double To, string Text);

/// <summary>Lines over a common x axis, drawn as SVG in any size.</summary>
internal sealed class LineChart
{
    public static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private const int HalfLabel = 28;
    private const int PixelsOfStretch = 3;

    public required string Title { get; init; }

    /// <summary>Text alternative for readers who can't see the chart.</summary>
    public required string Description { get; init; }

    public required Axis X { get; init; }

    public required Axis Y { get; init; }

    /// <summary>In drawing order: later series cover earlier ones.</summary>
    public required IReadOnlyList<Series> Series { get; init; }

    public IReadOnlyList<Hover> Hovers { get; init; } = [];

    /// <summary>The part before this x, the warm-up, is shaded.</summary>
    public double? ShadedUntil { get; init; }

    public XElement Draw(ChartSize size) => new(
        Svg + "svg",
        new XAttribute("class", $"chart {size.Style}"), new XAttribute("viewBox", $"0 0 {size.Width} {size.Height}"),
        new XAttribute("role", "img"),
        // Not a title element, which browsers would show as a tooltip everywhere.
        new XAttribute("aria-label", $"{Title}. {Description}"),
        Shade(size),
        Y.Ticks(size.YTicks).Select(tick => HorizontalTick(size, tick)),
        X.Ticks(size.XTicks).Select(tick => VerticalTick(size, tick)),
        Series.Select(series => Line(size, series)),
        Hovers.Select(hover => Column(size, hover)));

    private XElement? Shade(ChartSize size) => ShadedUntil is { } until
        ? Rectangle("shade", size.Left, ChartSize.Top, PlaceX(size, until) - size.Left, size.PlotHeight)
        : null;

    private XElement HorizontalTick(ChartSize size, Tick tick)
    {
        var y = PlaceY(size, tick.Value);
        return new XElement(
            Svg + "g", new XAttribute("class", "tick"), Straight(size.Left, y, size.Width - ChartSize.Right, y),
            Label(size.Left - 8, y + 4, "end", tick.Label));
    }

    private XElement VerticalTick(ChartSize size, Tick tick)
    {
        var x = PlaceX(size, tick.Value);
        var bottom = ChartSize.Top + size.PlotHeight;
        return new XElement(
            Svg + "g", new XAttribute("class", "tick"), Straight(x, bottom, x, bottom + 5),
            // A centered label would not fit at the right end.
            x > size.Width - HalfLabel ? Label(size.Width, bottom + 20, "end", tick.Label) : Label(x, bottom + 20, "middle", tick.Label));
    }

    private XElement Line(ChartSize size, Series series)
    {
        var drawn = Thinning.KeepExtremes(series.Points, size.PlotWidth / PixelsOfStretch);
        var dense = drawn.Count < series.Points.Count ? " dense" : "";
        var placed = drawn.Select(point => new Point(PlaceX(size, point.X), point.IsGap ? double.NaN : PlaceY(size, point.Y)));
        var path = new SeriesPath(placed, ChartSize.Top + size.PlotHeight);
        return new XElement(
            Svg + "g", new XAttribute("class", $"series {series.Style}{dense}"),
            series.Filled ? Path("area", path.Area) : null,
            Path("line", path.Stroke),
            Path("dots", path.Dots));
    }

    private static XElement? Path(string style, string path) =>
        path.Length == 0 ? null : new XElement(Svg + "path", new XAttribute("class", style), new XAttribute("d", path));

    private XElement Column(ChartSize size, Hover hover)
    {
        var from = PlaceX(size, hover.From);
        var column = Rectangle("hover", from, ChartSize.Top, PlaceX(size, hover.To) - from, size.PlotHeight);
        column.Add(new XElement(Svg + "title", hover.Text));
        return column;
    }

    private double PlaceX(ChartSize size, double value) => size.Left + X.Place(value) * size.PlotWidth;

    private double PlaceY(ChartSize size, double value) => ChartSize.Top + (1 - Y.Place(value)) * size.PlotHeight;

    private static XElement Straight(double x1, double y1, double x2, double y2) => new(
        Svg + "line", Length("x1", x1), Length("y1", y1), Length("x2", x2), Length("y2", y2));

    private static XElement Rectangle(string style, double x, double y, double width, double height) => new(
        Svg + "rect", new XAttribute("class", style), Length("x", x), Length("y", y), Length("width", width), Length("height", height));

    private static XElement Label(double x, double y, string anchor, string text) => new(
        Svg + "text", Length("x", x), Length("y", y), new XAttribute("text-anchor", anchor), text);

    private static XAttribute Length(string name, double value) => new(name, value.ToString("0.#", CultureInfo.InvariantCulture));
}
