namespace Swiper.Load.Reports.Charts;

/// <summary>A line of a chart.</summary>
/// <param name="Style">CSS class of the line's colour.</param>
/// <param name="Filled">Whether the area below it is filled.</param>
internal sealed record Series(string Name, string Style, IReadOnlyList<Point> Points, bool Filled = false);
