namespace Swiper.Load.Reports.Charts;

/// <summary>A value of a series; a <paramref name="Y"/> that is not a number is a gap in the line.</summary>
internal readonly record struct Point(double X, double Y)
{
    public bool IsGap => !double.IsFinite(Y);
}
