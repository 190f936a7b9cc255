using System.Xml.Linq;
using Swiper.Load.Reports.Charts;

namespace Swiper.Load.Tests.Reports;

public sealed class LineChartTests
{
    private static readonly ChartSize Size = new("test", Width: 136, Height: 142, Left: 20, XTicks: 2, YTicks: 2);

    [Fact]
    public void Points_lie_where_their_values_put_them() =>
        // 100 x 100 between a margin of 20 at the left and of 12 at the top.
        Assert.Equal("M20 112L70 62L120 12", Path(Draw([new(0, 0), new(5, 5), new(10, 10)]), "line"));

    [Fact]
    public void A_gap_parts_the_line_and_a_lonely_point_is_a_dot()
    {
        var drawing = Draw([new(0, 0), new(2, 5), new(4, double.NaN), new(6, 5), new(8, double.NaN)]);

        Assert.Equal("M20 112L40 62M80 62", Path(drawing, "line"));
        Assert.Equal("M80 62L80 62", Path(drawing, "dots"));
    }

    [Fact]
    public void An_area_reaches_down_to_the_axis() =>
        Assert.Equal("M20 112L20 62L120 12L120 112Z", Path(Draw([new(0, 5), new(10, 10)]), "area"));

    [Fact]
    public void Ticks_have_their_labels_at_the_axis()
    {
        var labels = Draw([]).Descendants(LineChart.Svg + "text")
            .Select(text => (text.Value, X: text.Attribute("x")!.Value, Y: text.Attribute("y")!.Value));

        Assert.Equal([("0", "12", "116"), ("10", "12", "16"), ("0:00", "20", "132"), ("0:05", "70", "132"), ("0:10", "136", "132")],
            labels);
    }

    [Fact]
    public void The_warm_up_is_shaded_from_the_left()
    {
        var shade = Draw([], shadedUntil: 5).Elements(LineChart.Svg + "rect").Single();

        Assert.Equal(("20", "50"), (shade.Attribute("x")!.Value, shade.Attribute("width")!.Value));
    }

    [Fact]
    public void Who_points_at_a_stretch_is_told_of_it()
    {
        var hover = Draw([], hovers: [new Hover(2, 4, "0:02 to 0:04: <all> well")]).Elements(LineChart.Svg + "rect").Single();

        Assert.Equal(("40", "20", "0:02 to 0:04: <all> well"),
            (hover.Attribute("x")!.Value, hover.Attribute("width")!.Value, hover.Value));
    }

    [Fact]
    public void Who_can_not_see_it_is_told_what_it_shows() =>
        Assert.Equal("Echoes. Ten of them.", Draw([]).Attribute("aria-label")!.Value);

    private static XElement Draw(IReadOnlyList<Point> points, double? shadedUntil = null, IReadOnlyList<Hover>? hovers = null) =>
        new LineChart
        {
            Title = "Echoes",
            Description = "Ten of them.",
            X = new TimeAxis(0, 10),
            Y = new LinearAxis(10),
            Series = [new Series("echoes", "rate", points, Filled: true)],
            ShadedUntil = shadedUntil,
            Hovers = hovers ?? [],
        }.Draw(Size);

    private static string Path(XElement drawing, string style) =>
        drawing.Descendants(LineChart.Svg + "path").Single(path => path.Attribute("class")!.Value == style).Attribute("d")!.Value;
}
