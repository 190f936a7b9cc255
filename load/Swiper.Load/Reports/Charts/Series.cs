namespace Swiper.Load.Reports.Charts;

/// <summary>A value of a series; NaN for <paramref name="Y"/> is a gap in the line.</summary>
internal readonly record struct Point(double X, double Y)
{
    public bool IsGap => !double.IsFinite(Y);
}

/// <summary>A line of a chart.</summary>
/// <param name="Style">CSS class of the line's colour.</param>
/// <param name="Filled">Whether the area below it is filled.</param>
internal sealed record Series(string Name, string Style, IReadOnlyList<Point> Points, bool Filled = false);
