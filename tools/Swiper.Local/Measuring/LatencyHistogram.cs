using System.Diagnostics;
using System.Numerics;

namespace Swiper.Local.Measuring;

/// <summary>
/// Counts latencies from a nanosecond to an hour in buckets at most 1/128 of their value wide, in fixed memory (36 KiB). Recording is
/// thread-safe and does not allocate; histograms of several processes add up exactly.
/// </summary>
internal sealed class LatencyHistogram
{
    /// <summary>An hour; longer latencies count as that.</summary>
    public const long MaxNanoseconds = 3_600_000_000_000;

    // From 128 ns each power of two is split into 128 buckets; below, each nanosecond has its own.
    private const int PartsLog2 = 7;
    private const int Parts = 1 << PartsLog2;

    private static readonly int Buckets = BucketOf(MaxNanoseconds) + 1;

    private readonly long[] _counts = new long[Buckets];
    private long _sum;
    private long _max;

    public long Count => _counts.Sum();

    /// <summary>Index and count of each non-empty bucket.</summary>
    public IEnumerable<(int Bucket, long Count)> Filled => _counts.Index().Where(bucket => bucket.Item != 0);

    /// <summary>Upper bound and count of each non-empty bucket, ascending.</summary>
    public IEnumerable<(long UpTo, long Count)> Distribution =>
        Filled.Select(bucket => (Math.Min(LargestIn(bucket.Bucket), _max), bucket.Count));

    public long Sum => Volatile.Read(ref _sum);

    public long Max => Volatile.Read(ref _max);

    /// <summary>Restores a histogram from its <see cref="Filled"/>, <see cref="Sum"/> and <see cref="Max"/>.</summary>
    /// <exception cref="FormatException">The buckets are invalid.</exception>
    public static LatencyHistogram Of(IEnumerable<(int Bucket, long Count)> filled, long sum, long max)
    {
        var histogram = new LatencyHistogram { _sum = sum, _max = max };
        foreach (var (bucket, count) in filled)
        {
            if (bucket < 0 || bucket >= Buckets || count < 0)
                throw new FormatException($"invalid histogram: {count} latencies in bucket {bucket}");
            histogram._counts[bucket] += count;
        }
        return histogram;
    }

    /// <param name="ticks">Ticks of <see cref="Stopwatch"/>.</param>
    public void RecordTicks(long ticks) => Record((long)(ticks * (1e9 / Stopwatch.Frequency)));

    public void Record(long nanoseconds)
    {
        nanoseconds = Math.Clamp(nanoseconds, 0, MaxNanoseconds);
        Interlocked.Increment(ref _counts[BucketOf(nanoseconds)]);
        Interlocked.Add(ref _sum, nanoseconds);
        for (var max = Max; nanoseconds > max;)
        {
            var seen = Interlocked.CompareExchange(ref _max, nanoseconds, max);
            if (seen == max)
                break;
            max = seen;
        }
    }

    public void Add(LatencyHistogram other)
    {
        for (var bucket = 0; bucket < Buckets; bucket++)
            _counts[bucket] += other._counts[bucket];
        _sum += other._sum;
        _max = Math.Max(_max, other._max);
    }

    public LatencyHistogram Copy()
    {
        var copy = new LatencyHistogram();
        copy.Add(this);
        return copy;
    }

    /// <summary>The difference to <paramref name="earlier"/>, an earlier copy. Its maximum is only accurate to the bucket.</summary>
    public LatencyHistogram Since(LatencyHistogram earlier)
    {
        var since = new LatencyHistogram { _sum = _sum - earlier._sum };
        for (var bucket = 0; bucket < Buckets; bucket++)
        {
            since._counts[bucket] = _counts[bucket] - earlier._counts[bucket];
            if (since._counts[bucket] != 0)
                since._max = Math.Min(LargestIn(bucket), _max);
        }
        return since;
    }

    /// <summary>The latency at a percentile, at most 1 % too high; 0 if nothing was recorded.</summary>
    /// <param name="percentile">0 to 100.</param>
    public long At(double percentile)
    {
        var count = Count;
        // Corrects rounding errors, such as a rank of 999.0000000001 instead of 999.
        var left = Math.Max(1, (long)Math.Ceiling(count * percentile / 100 - 1e-6));
        for (var bucket = 0; bucket < Buckets && count > 0; bucket++)
        {
            left -= _counts[bucket];
            if (left <= 0)
                return Math.Min(LargestIn(bucket), _max);
        }
        return 0;
    }

    /// <inheritdoc cref="At"/>
    public TimeSpan TimeAt(double percentile) => TimeSpan.FromMicroseconds(At(percentile) / 1000.0);

    private static int BucketOf(long nanoseconds)
    {
        if (nanoseconds < Parts)
            return (int)nanoseconds;
        var shift = BitOperations.Log2((ulong)nanoseconds) - PartsLog2;
        return ((shift + 1) << PartsLog2) + (int)((nanoseconds >> shift) & (Parts - 1));
    }

    private static long LargestIn(int bucket)
    {
        if (bucket < Parts)
            return bucket;
        var shift = (bucket >> PartsLog2) - 1;
        return ((long)(Parts + (bucket & (Parts - 1)) + 1) << shift) - 1;
    }
}
