using Swiper.Local.Measuring;

namespace Swiper.Load.Measuring;

/// <summary>A lossless serialized <see cref="Tally"/>, passed between processes.</summary>
/// <param name="Buckets">Upper bound, in ticks of <see cref="TimeSpan"/>, and count of each non-empty bucket, alternating.</param>
internal sealed record TallyRecord(IReadOnlyDictionary<int, long> Codes, IReadOnlyList<long> Buckets)
{
    public static TallyRecord Of(Tally tally) => new(
        tally.Codes.ToCounts(), [.. tally.Latencies.Buckets.SelectMany(bucket => (long[])[bucket.UpTo.Ticks, bucket.Count])]);

    public Tally ToTally()
    {
        var tally = new Tally { Latencies = LatencyHistogram.Of(Buckets.Chunk(2).Select(pair => (TimeSpan.FromTicks(pair[0]), pair[1]))) };
        tally.Codes.Add(Codes);
        return tally;
    }
}
