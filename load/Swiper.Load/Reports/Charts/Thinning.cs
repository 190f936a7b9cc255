namespace Swiper.Load.Reports.Charts;

/// <summary>Draws fewer points than were measured without hiding any extreme.</summary>
internal static class Thinning
{
    private const int KeptOfStretch = 4;

    /// <summary>
    /// Splits the points into the given number of stretches and keeps the first, lowest, highest and last point of each (M4). If a stretch
    /// is no wider than a pixel, the drawing equals that of all points. A stretch without a value stays a gap.
    /// </summary>
    public static IReadOnlyList<Point> KeepExtremes(IReadOnlyList<Point> points, int stretches)
    {
        if (points.Count <= KeptOfStretch * stretches)
            return points;
        var kept = new List<Point>(KeptOfStretch * stretches);
        for (var stretch = 0; stretch < stretches; stretch++)
            AddExtremes(points, Border(stretch), Border(stretch + 1), kept);
        return kept;

        int Border(int stretch) => (int)((long)points.Count * stretch / stretches);
    }

    private static void AddExtremes(IReadOnlyList<Point> points, int from, int to, List<Point> kept)
    {
        int first = -1, lowest = -1, highest = -1, last = -1;
        for (var index = from; index < to; index++)
        {
            if (points[index].IsGap)
                continue;
            if (first < 0)
                first = lowest = highest = index;
            if (points[index].Y < points[lowest].Y)
                lowest = index;
            if (points[index].Y > points[highest].Y)
                highest = index;
            last = index;
        }
        if (first < 0)
        {
            kept.Add(points[from]);
            return;
        }
        foreach (var index in new SortedSet<int> { first, lowest, highest, last })
            kept.Add(points[index]);
    }
}
