using Swiper.Load.Measuring;
using Swiper.Local.Measuring;

namespace Swiper.Load.Tests.Measuring;

public sealed class LatencyHistogramTests
{
    private static readonly double[] Percentiles = [0.1, 1, 10, 25, 50, 75, 90, 95, 99, 99.9, 99.99, 100];

    public static TheoryData<string> Shapes => ["uniform", "exponential", "two humps", "always the same", "a microsecond", "an hour"];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_percentile_is_the_exact_one_or_at_most_one_percent_above_it(string shape)
    {
        var latencies = Latencies(shape, 20_000);
        var histogram = HistogramOf(latencies);
        Array.Sort(latencies);
        foreach (var percentile in Percentiles)
        {
            var exact = latencies[Math.Max(0, (int)Math.Ceiling(latencies.Length * percentile / 100) - 1)];
            Assert.InRange(histogram.At(percentile), exact, exact * 1.01);
        }
        Assert.InRange(histogram.Max, latencies[^1], latencies[^1] * 1.01);
        var mean = TimeSpan.FromTicks((long)latencies.Average(latency => latency.Ticks));
        Assert.InRange(histogram.Mean, mean * 0.99, mean * 1.01);
    }

    [Fact]
    public void Histograms_of_several_processes_add_up_to_that_of_all_their_latencies()
    {
        var (one, other) = (Latencies("exponential", 5000), Latencies("two humps", 3000));
        var merged = HistogramOf(one);
        merged.Add(HistogramOf(other));
        AssertSame(HistogramOf([.. one, .. other]), merged);
    }

    [Fact]
    public void What_came_since_a_copy_is_what_was_recorded_after_it()
    {
        var (earlier, later) = (Latencies("exponential", 5000), Latencies("uniform", 3000));
        var histogram = HistogramOf(earlier);
        var copy = histogram.Copy();
        foreach (var latency in later)
            histogram.Record(latency);

        var since = histogram.Since(copy);

        Assert.Equal(HistogramOf(later).Buckets, since.Buckets);
    }

    [Fact]
    public void Threads_that_record_at_the_same_time_lose_nothing()
    {
        var histogram = new LatencyHistogram();
        Parallel.For(0, 8, thread =>
        {
            for (var i = 1; i <= 20_000; i++)
                histogram.Record(TimeSpan.FromMicroseconds((thread * 1000) + i));
        });
        Assert.Equal(160_000, histogram.Count);
        Assert.Equal(160_000, histogram.Buckets.Sum(bucket => bucket.Count));
        Assert.InRange(histogram.Max, TimeSpan.FromMicroseconds(27_000), TimeSpan.FromMicroseconds(27_000) * 1.01);
    }

    [Fact]
    public void More_than_an_hour_counts_as_an_hour_and_less_than_nothing_as_nothing()
    {
        var histogram = HistogramOf([TimeSpan.MaxValue, TimeSpan.FromTicks(-5)]);
        Assert.InRange(histogram.At(100), LatencyHistogram.Longest, LatencyHistogram.Longest * 1.01);
        Assert.Equal(TimeSpan.Zero, histogram.At(50));
    }

    [Fact]
    public void Of_nothing_every_figure_is_zero()
    {
        var histogram = new LatencyHistogram();
        Assert.Equal(TimeSpan.Zero, histogram.At(99));
        Assert.Equal(0, histogram.ToLatency().Max);
        Assert.Empty(histogram.ToDistribution());
    }

    [Fact]
    public void The_distribution_is_ascending_and_holds_every_latency()
    {
        var distribution = HistogramOf(Latencies("two humps", 5000)).ToDistribution();
        Assert.Equal(distribution.Select(bucket => bucket.UpTo).Order(), distribution.Select(bucket => bucket.UpTo));
        Assert.Equal(5000, distribution.Sum(bucket => bucket.Count));
        Assert.DoesNotContain(distribution, bucket => bucket.Count == 0);
    }

    [Fact]
    public void Recording_allocates_nothing()
    {
        var histogram = HistogramOf([TimeSpan.Zero]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0L; i < 10_000; i++)
            histogram.Record(TimeSpan.FromTicks(i * i));
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    internal static void AssertSame(LatencyHistogram expected, LatencyHistogram actual)
    {
        Assert.Equal(expected.Buckets, actual.Buckets);
    }

    internal static LatencyHistogram HistogramOf(IEnumerable<TimeSpan> latencies)
    {
        var histogram = new LatencyHistogram();
        foreach (var latency in latencies)
            histogram.Record(latency);
        return histogram;
    }

    internal static TimeSpan[] Latencies(string shape, int count)
    {
        var random = new Random(7);
        return [.. Enumerable.Range(0, count).Select(_ => TimeSpan.FromMicroseconds(shape switch
        {
            "uniform" => 50 + 4950 * random.NextDouble(),
            "exponential" => 20 - Math.Log(1 - random.NextDouble()) * 1000,
            "two humps" => random.Next(100) < 95 ? 80 + 40 * random.NextDouble() : 900_000 + 200_000 * random.NextDouble(),
            "always the same" => 123_456.7,
            "a microsecond" => random.Next(20) / 10.0,
            "an hour" => LatencyHistogram.Longest.TotalMicroseconds * random.NextDouble(),
            _ => throw new ArgumentOutOfRangeException(nameof(shape)),
        }))];
    }
}
