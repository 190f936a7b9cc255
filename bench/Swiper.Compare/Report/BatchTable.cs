using System.Globalization;
using Swiper.Compare.Batches;

namespace Swiper.Compare.Report;

/// <summary>Batch sizes: for each lane, the share of batches by size.</summary>
internal static class BatchTable
{
    public static FigureTable Of(IReadOnlyList<BatchDistribution> lanes)
    {
        var sizes = lanes.SelectMany(lane => lane.Batches.Keys).Distinct().Order().ToArray();
        return new(["load", "lane", "batches", .. sizes.Select(size => $"{size}+")], Words: 2,
            [.. lanes.Select(lane => (string[])[lane.Load, lane.Lane, lane.Count.ToString("#,0", CultureInfo.InvariantCulture),
                .. sizes.Select(size => Share(lane, size))])]);
    }

    private static string Share(BatchDistribution lane, long size) =>
        lane.Batches.TryGetValue(size, out var batches) ? $"{Math.Round(100.0 * batches / lane.Count)} %" : "";
}
