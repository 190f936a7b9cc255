using Swiper.Load.Results;
using Swiper.Local.Measuring;

namespace Swiper.Load.Measuring;

/// <summary>A report's summary of a histogram, in microseconds.</summary>
internal static class LatencySummary
{
    public static Latency ToLatency(this LatencyHistogram histogram) => new(
        Microseconds(histogram.Mean), Microseconds(histogram.At(50)), Microseconds(histogram.At(90)), Microseconds(histogram.At(99)),
        Microseconds(histogram.At(99.9)), Microseconds(histogram.Max));

    public static IReadOnlyList<LatencyBucket> ToDistribution(this LatencyHistogram histogram) =>
        [.. histogram.Buckets.Select(bucket => new LatencyBucket(Microseconds(bucket.UpTo), bucket.Count))];

    private static double Microseconds(TimeSpan time) => Math.Round(time.TotalMicroseconds, 3);
}
