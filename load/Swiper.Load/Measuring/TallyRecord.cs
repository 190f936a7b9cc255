using Swiper.Local.Measuring;

namespace Swiper.Load.Measuring;

/// <summary>A <see cref="Tally"/> on its way between processes. Nothing is lost on it.</summary>
/// <param name="Buckets">Number and count of each bucket that is not empty, one after the other.</param>
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
