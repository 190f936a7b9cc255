namespace Swiper.Load.Reports.Charts;

/// <summary>A value of a series; NaN for <paramref name="Y"/> is a gap in the line.</summary>
internal readonly record struct Point(double X, double Y)
{
    public bool IsGap => !double.IsFinite(Y);
}
