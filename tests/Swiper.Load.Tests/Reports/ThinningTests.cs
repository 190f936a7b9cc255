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
    public void Each_stretch_keeps_its_first_lowest_highest_and_last_point_in_their_order()
    {
        Point[] points = [new(0, 5), new(1, 6), new(2, 9), new(3, 1), new(4, 7), new(5, 2), new(6, 3), new(7, 4), new(8, 8), new(9, 8)];

        Assert.Equal([points[0], points[2], points[3], points[4], points[5], points[8], points[9]],
            Thinning.KeepExtremes(points, stretches: 2));
    }

    [Fact]
    public void A_single_bad_second_of_ten_hours_is_still_there()
    {
        var points = Enumerable.Range(0, 36_000).Select(at => new Point(at, at == 20_001 ? 9_000 : 1)).ToList();

        var kept = Thinning.KeepExtremes(points, stretches: 400);

        Assert.InRange(kept.Count, 400, 1_600);
        Assert.Contains(points[20_001], kept);
    }

    [Fact]
    public void A_stretch_without_a_value_stays_a_gap_and_one_value_fills_a_stretch()
    {
        Point[] points = [.. Enumerable.Range(0, 12).Select(at => new Point(at, at == 9 ? 1 : double.NaN))];

        Assert.Equal([new(0, double.NaN), new(9, 1)], Thinning.KeepExtremes(points, stretches: 2));
    }
}
