using System.Diagnostics;
using System.Numerics;

namespace Swiper.Local.Measuring;

/// <summary>
/// Counts latencies in buckets at most 1/128 wide of their value, from a nanosecond to an hour, in fixed memory (36 KiB). Recording is
/// safe for threads and allocates nothing; histograms of several processes add up exactly.
/// </summary>
internal sealed class LatencyHistogram
{
    /// <summary>An hour; what took longer counts as that.</summary>
    public const long MaxNanoseconds = 3_600_000_000_000;

    // Each power of two from 128 on is cut into 128 buckets; below, each nanosecond has its own.
    private const int PartsLog2 = 7;
    private const int Parts = 1 << PartsLog2;

    private static readonly int Buckets = BucketOf(MaxNanoseconds) + 1;

    private readonly long[] _counts = new long[Buckets];
    private long _sum;
    private long _max;

    public long Count => _counts.Sum();

    /// <summary>Every bucket that is not empty, as pairs of its number and its count.</summary>
    public IEnumerable<(int Bucket, long Count)> Filled => _counts.Index().Where(bucket => bucket.Item != 0);

    /// <summary>The longest latency in each bucket that is not empty, ascending, and its count.</summary>
    public IEnumerable<(long UpTo, long Count)> Distribution =>
        Filled.Select(bucket => (Math.Min(LargestIn(bucket.Bucket), _max), bucket.Count));

    public long Sum => Volatile.Read(ref _sum);

    public long Max => Volatile.Read(ref _max);

    /// <summary>As it was told by <see cref="Filled"/>, <see cref="Sum"/> and <see cref="Max"/> elsewhere.</summary>
    /// <exception cref="FormatException">No histogram has such buckets.</exception>
    public static LatencyHistogram Of(IEnumerable<(int Bucket, long Count)> filled, long sum, long max)
    {
        var histogram = new LatencyHistogram { _sum = sum, _max = max };
        foreach (var (bucket, count) in filled)
        {
            if (bucket < 0 || bucket >= Buckets || count < 0)
                throw new FormatException($"no histogram has {count} latencies in bucket {bucket}");
            histogram._counts[bucket] += count;
        }
        return histogram;
    }

    /// <param name="ticks">Of <see cref="Stopwatch"/>.</param>
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

    /// <summary>What came after <paramref name="earlier"/>, a copy of this one. Its longest is known to the bucket only.</summary>
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

    /// <summary>The latency that so many percent do not exceed, at most 1 % too high; 0 where nothing was recorded.</summary>
    /// <param name="percentile">0 to 100.</param>
    public long At(double percentile)
    {
        var count = Count;
        // Against a rank such as 999.0000000001 that ought to be 999.
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
