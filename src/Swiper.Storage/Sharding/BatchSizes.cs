using System.Numerics;

namespace Swiper.Storage.Sharding;

/// <summary>A histogram of a lane's committed batch sizes. One thread records; any thread reads approximate values.</summary>
internal sealed class BatchSizes
{
    private readonly long[] _buckets = new long[32];
    private long _batches;
    private long _operations;
    private long _largest;

    public long Batches => Volatile.Read(ref _batches);

    public long Operations => Volatile.Read(ref _operations);

    public long Largest => Volatile.Read(ref _largest);

    public double Mean => Batches is 0 ? 0 : (double)Operations / Batches;

    /// <summary>The number of batches with at least 2^<paramref name="power"/> and less than twice as many operations.</summary>
    public long AtLeastPowerOfTwo(int power) => Volatile.Read(ref _buckets[power]);

    public void Record(int size)
    {
        Volatile.Write(ref _batches, _batches + 1);
        Volatile.Write(ref _operations, _operations + size);
        Volatile.Write(ref _largest, Math.Max(_largest, size));
        ref var bucket = ref _buckets[BitOperations.Log2((uint)size)];
        Volatile.Write(ref bucket, bucket + 1);
    }
}
