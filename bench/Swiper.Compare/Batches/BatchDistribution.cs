namespace Swiper.Compare.Batches;

/// <summary>How large the batches of one lane were under one load.</summary>
/// <param name="Load">What load.</param>
/// <param name="Lane">Which lane.</param>
/// <param name="Batches">How many by size: at least so many operations and less than twice as many.</param>
internal sealed record BatchDistribution(string Load, string Lane, IReadOnlyDictionary<long, long> Batches)
{
    public long Count => Batches.Values.Sum();

    /// <summary>What came between two readings, a lane each.</summary>
    public static IReadOnlyList<BatchDistribution> Between(string load, IReadOnlyDictionary<BatchClass, long> before,
        IReadOnlyDictionary<BatchClass, long> after) =>
    [
        .. after.GroupBy(count => count.Key.Lane)
            .Select(lane => new BatchDistribution(load, lane.Key, lane
                .Select(count => (count.Key.Size, Batches: count.Value - before.GetValueOrDefault(count.Key)))
                .Where(count => count.Batches > 0)
                .OrderBy(count => count.Size)
                .ToDictionary(count => count.Size, count => count.Batches)))
            .Where(lane => lane.Count > 0)
            .OrderBy(lane => lane.Lane, StringComparer.Ordinal),
    ];
}
