namespace Swiper.Load.Reports.Charts;

/// <summary>A line of a chart.</summary>
/// <param name="Style">The class that the style sheet colours it by.</param>
/// <param name="Filled">Whether the area below it is filled.</param>
internal sealed record Series(string Name, string Style, IReadOnlyList<Point> Points, bool Filled = false);
