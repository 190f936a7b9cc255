namespace Swiper.Load.Reports.Charts;

/// <summary>Draws fewer points than were measured without hiding any extreme.</summary>
internal static class Thinning
{
    /// <summary>
    /// Cuts the points into as many stretches as asked for and keeps of each its lowest and its highest point, in their order. A stretch
    /// without a value stays a gap.
    /// </summary>
    public static IReadOnlyList<Point> KeepExtremes(IReadOnlyList<Point> points, int stretches)
    {
        if (points.Count <= 2 * stretches)
            return points;
        var kept = new List<Point>(2 * stretches);
        for (var stretch = 0; stretch < stretches; stretch++)
            AddExtremes(points, Border(stretch), Border(stretch + 1), kept);
        return kept;

        int Border(int stretch) => (int)((long)points.Count * stretch / stretches);
    }

    private static void AddExtremes(IReadOnlyList<Point> points, int from, int to, List<Point> kept)
    {
        int lowest = -1, highest = -1;
        for (var index = from; index < to; index++)
        {
            if (points[index].IsGap)
                continue;
            if (lowest < 0 || points[index].Y < points[lowest].Y)
                lowest = index;
            if (highest < 0 || points[index].Y > points[highest].Y)
                highest = index;
        }
        if (lowest < 0)
        {
            kept.Add(points[from]);
            return;
        }
        kept.Add(points[Math.Min(lowest, highest)]);
        if (lowest != highest)
            kept.Add(points[Math.Max(lowest, highest)]);
    }
}
