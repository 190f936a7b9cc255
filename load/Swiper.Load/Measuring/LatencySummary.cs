using Swiper.Load.Results;
using Swiper.Local.Measuring;

namespace Swiper.Load.Measuring;

/// <summary>A report's summary of a histogram, in microseconds.</summary>
internal static class LatencySummary
{
    public static Latency ToLatency(this LatencyHistogram histogram) => histogram.Count is var count and > 0
        ? new Latency(
            Microseconds((double)histogram.Sum / count), Microseconds(histogram.At(50)), Microseconds(histogram.At(90)),
            Microseconds(histogram.At(99)),
            Microseconds(histogram.At(99.9)), Microseconds(histogram.Max))
        : new Latency(0, 0, 0, 0, 0, 0);

    public static IReadOnlyList<LatencyBucket> ToDistribution(this LatencyHistogram histogram) =>
        [.. histogram.Distribution.Select(bucket => new LatencyBucket(Microseconds(bucket.UpTo), bucket.Count))];

    private static double Microseconds(double nanoseconds) => Math.Round(nanoseconds / 1000, 3);
}
