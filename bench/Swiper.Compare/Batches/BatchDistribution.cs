using System.Globalization;

namespace Swiper.Compare.Batches;

/// <summary>Batches of one lane with at least <paramref name="Size"/> and less than twice as many operations.</summary>
internal readonly record struct BatchClass(string Lane, long Size)
{
    /// <param name="tags">lane=shard 0,size=64</param>
    public static BatchClass Parse(string tags)
    {
        var values = tags.Split(',').Select(tag => tag.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        return new BatchClass(values["lane"], long.Parse(values["size"], CultureInfo.InvariantCulture));
    }
}

/// <summary>The batch sizes of one lane under one load.</summary>
/// <param name="Load">The load.</param>
/// <param name="Lane">The lane.</param>
/// <param name="Batches">Batches by size: at least that many operations and less than twice as many.</param>
internal sealed record BatchDistribution(string Load, string Lane, IReadOnlyDictionary<long, long> Batches)
{
    public long Count => Batches.Values.Sum();

    /// <summary>The difference between two readings, per lane.</summary>
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
