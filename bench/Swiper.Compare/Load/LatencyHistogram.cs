using System.Diagnostics;
using System.Numerics;

namespace Swiper.Compare.Load;

/// <summary>Counts latencies in buckets at most 1/32 wide of their value, without allocation.</summary>
internal sealed class LatencyHistogram
{
    private const int PartsLog2 = 5;
    private const int Parts = 1 << PartsLog2;

    private readonly long[] _buckets = new long[64 * Parts];
    private long _count;

    public void Add(long ticks)
    {
        _buckets[BucketOf(ticks)]++;
        _count++;
    }

    public void Clear()
    {
        Array.Clear(_buckets);
        _count = 0;
    }

    /// <param name="percentile">0 to 100.</param>
    public TimeSpan At(double percentile)
    {
        var left = (long)Math.Ceiling(_count * percentile / 100);
        for (var bucket = 0; bucket < _buckets.Length; bucket++)
        {
            left -= _buckets[bucket];
            if (left <= 0 && _buckets[bucket] > 0)
                return TimeSpan.FromSeconds(LargestIn(bucket) / Stopwatch.Frequency);
        }
        return TimeSpan.Zero;
    }

    private static int BucketOf(long ticks)
    {
        if (ticks < Parts)
            return (int)Math.Max(ticks, 0);
        var shift = BitOperations.Log2((ulong)ticks) - PartsLog2;
        return ((shift + 1) << PartsLog2) + (int)((ticks >> shift) & (Parts - 1));
    }

    private static double LargestIn(int bucket)
    {
        if (bucket < Parts)
            return bucket;
        var shift = (bucket >> PartsLog2) - 1;
        return (double)((long)(Parts + (bucket & (Parts - 1)) + 1) << shift);
    }
}
