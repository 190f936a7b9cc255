using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Swiper.Storage.Sharding;

/// <summary>
/// Generates user ids without a store, positive and not to be guessed from any number of others:
/// <code>
/// 0 | 13 bits: days since 2024-01-01 | 40 bits: random | 10 bits: bucket
/// </code>
/// Those who sign up on one day are neighbours in their tables. The buckets take turns, so that they fill evenly however slowly people
/// sign up. That an id is taken is unlikely, not impossible: whoever inserts it makes another one then.
/// </summary>
internal sealed class UidGenerator(TimeProvider time)
{
    private const int BucketBits = 10;
    private const int RandomBits = 40;
    private const int DayMask = (1 << 13) - 1;

    private static readonly int FirstDay = new DateOnly(2024, 1, 1).DayNumber;

    // Start at random: hosts that restart often must not favour the first buckets.
    private uint _bucket = (uint)RandomNumberGenerator.GetInt32(ShardMap.Buckets);

    /// <summary>A new id.</summary>
    public long Next()
    {
        var day = Math.Max(0, DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime).DayNumber - FirstDay) & DayMask;
        var bucket = Interlocked.Increment(ref _bucket) % ShardMap.Buckets;
        return ((long)day << (RandomBits + BucketBits)) | (NextRandom() << BucketBits) | bucket;
    }

    private static long NextRandom()
    {
        Span<byte> random = stackalloc byte[sizeof(long)];
        RandomNumberGenerator.Fill(random);
        return BinaryPrimitives.ReadInt64LittleEndian(random) & ((1L << RandomBits) - 1);
    }
}
