namespace Swiper.Storage.Metrics;

/// <summary>A count to which many threads add with every request: each adds to a cache line that few others use.</summary>
internal sealed class StripedCount
{
    private const int Stripes = 16;

    // In longs: two lines of 64 bytes, because processors fetch them in pairs.
    private const int Distance = 16;

    private readonly long[] _counts = new long[Stripes * Distance];

    public long Value
    {
        get
        {
            var sum = 0L;
            for (var stripe = 0; stripe < Stripes; stripe++)
                sum += Volatile.Read(ref _counts[stripe * Distance]);
            return sum;
        }
    }

    public void Add() => Interlocked.Increment(ref _counts[Environment.CurrentManagedThreadId % Stripes * Distance]);
}
