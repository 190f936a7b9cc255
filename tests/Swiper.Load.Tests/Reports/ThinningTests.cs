using Swiper.Load.Reports.Charts;

namespace Swiper.Load.Tests.Reports;

public sealed class ThinningTests
{
    [Fact]
    public void Few_points_are_left_alone()
    {
        Point[] points = [new(0, 3), new(1, 1), new(2, 2)];

        Assert.Same(points, Thinning.KeepExtremes(points, stretches: 2));
    }

    [Fact]
    public void Each_stretch_keeps_its_lowest_and_its_highest_point_in_their_order()
    {
        Point[] points = [new(0, 5), new(1, 9), new(2, 1), new(3, 5), new(4, 2), new(5, 3), new(6, 8), new(7, 4)];

        Assert.Equal([points[1], points[2], points[4], points[6]], Thinning.KeepExtremes(points, stretches: 2));
    }

    [Fact]
    public void A_single_bad_second_of_ten_hours_is_still_there()
    {
        var points = Enumerable.Range(0, 36_000).Select(at => new Point(at, at == 20_001 ? 9_000 : 1)).ToList();

        var kept = Thinning.KeepExtremes(points, stretches: 400);

        Assert.InRange(kept.Count, 400, 800);
        Assert.Contains(points[20_001], kept);
    }

    [Fact]
    public void A_stretch_without_a_value_stays_a_gap_and_one_value_fills_a_stretch()
    {
        Point[] points = [.. Enumerable.Range(0, 8).Select(at => new Point(at, at == 6 ? 1 : double.NaN))];

        Assert.Equal([new(0, double.NaN), new(6, 1)], Thinning.KeepExtremes(points, stretches: 2));
    }
}
