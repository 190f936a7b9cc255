using HdrHistogram;

namespace Swiper.Local.Measuring;

/// <summary>
/// Latencies of up to an hour, each at most 1 % or 100 ns too high, in fixed memory (30 KB). Recording is thread-safe and does not
/// allocate; histograms of several processes add up exactly.
/// </summary>
internal sealed class LatencyHistogram
{
    /// <summary>Longer latencies count as that.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    private const int SignificantDigits = 2;

    // In ticks of 100 ns. HdrHistogram 2.5 rounds wrongly above 2^38, which is five minutes of nanoseconds.
    private readonly LongConcurrentHistogram _counts = new(1, Longest.Ticks, SignificantDigits);

    public long Count => _counts.TotalCount;

    public TimeSpan Mean => Count > 0 ? TimeSpan.FromTicks((long)_counts.GetMean()) : TimeSpan.Zero;

    public TimeSpan Max => Count > 0 ? TimeSpan.FromTicks(_counts.GetMaxValue()) : TimeSpan.Zero;

    /// <summary>Upper bound and count of each non-empty bucket, ascending. Nothing may be recorded meanwhile.</summary>
    public IEnumerable<(TimeSpan UpTo, long Count)> Buckets => _counts.RecordedValues()
        .Select(bucket => (TimeSpan.FromTicks(bucket.ValueIteratedTo), bucket.CountAtValueIteratedTo));

    /// <summary>Restores a histogram from its <see cref="Buckets"/>.</summary>
    /// <exception cref="FormatException">A bound or a count is negative.</exception>
    public static LatencyHistogram Of(IEnumerable<(TimeSpan UpTo, long Count)> buckets)
    {
        var histogram = new LatencyHistogram();
        foreach (var (upTo, count) in buckets)
        {
            if (upTo < TimeSpan.Zero || count < 0)
                throw new FormatException($"invalid histogram: {count} latencies up to {upTo}");
            histogram.Record(upTo, count);
        }
        return histogram;
    }

    public void Record(TimeSpan latency, long count = 1) =>
        _counts.RecordValueWithCount(Math.Clamp(latency.Ticks, 0, Longest.Ticks), count);

    public void Add(LatencyHistogram other) => _counts.Add(other._counts);

    /// <summary>A copy; latencies may be recorded meanwhile.</summary>
    public LatencyHistogram Copy()
    {
        var copy = new LatencyHistogram();
        copy.Add(this);
        return copy;
    }

    /// <summary>The difference to <paramref name="earlier"/>, an earlier copy.</summary>
    public LatencyHistogram Since(LatencyHistogram earlier) => Of(Buckets.Select(bucket =>
        (bucket.UpTo, bucket.Count - earlier._counts.GetCountAtValue(Math.Min(bucket.UpTo.Ticks, Longest.Ticks)))));

    /// <summary>The latency at a percentile; zero if nothing was recorded.</summary>
    /// <param name="percentile">0 to 100.</param>
    public TimeSpan At(double percentile) => Count > 0 ? TimeSpan.FromTicks(_counts.GetValueAtPercentile(percentile)) : TimeSpan.Zero;
}
