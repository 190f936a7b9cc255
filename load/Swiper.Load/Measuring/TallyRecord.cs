using Swiper.Local.Measuring;

namespace Swiper.Load.Measuring;

/// <summary>A lossless serialized <see cref="Tally"/>, passed between processes.</summary>
/// <param name="Buckets">Index and count of each non-empty bucket, alternating.</param>
internal sealed record TallyRecord(IReadOnlyDictionary<int, long> Codes, IReadOnlyList<long> Buckets, long Sum, long Max)
{
    public static TallyRecord Of(Tally tally) => new(
        tally.Codes.ToCounts(), [.. tally.Latencies.Filled.SelectMany(bucket => (long[])[bucket.Bucket, bucket.Count])],
        tally.Latencies.Sum, tally.Latencies.Max);

    public Tally ToTally()
    {
        var tally = new Tally { Latencies = LatencyHistogram.Of(Buckets.Chunk(2).Select(pair => ((int)pair[0], pair[1])), Sum, Max) };
        tally.Codes.Add(Codes);
        return tally;
    }
}
