namespace Swiper.Storage.Sharding;

/// <summary>Maps users and phone numbers to shards. The buckets are fixed for ever; the shard of a bucket is not.</summary>
internal sealed class ShardMap
{
    /// <summary>Fixed: the placement of every stored key depends on it.</summary>
    public const int Buckets = 1024;

    private readonly ushort[] _shardOfBucket;

    /// <summary>The default map, <c>bucket mod shards</c>: with a power of two it is plain <c>uid mod shards</c>.</summary>
    public ShardMap(int shards)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(shards, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(shards, Buckets);
        ShardCount = shards;
        _shardOfBucket = new ushort[Buckets];
        for (var bucket = 0; bucket < Buckets; bucket++)
            _shardOfBucket[bucket] = (ushort)(bucket % shards);
    }

    /// <summary>A custom map, with the shard of each of the 1,024 buckets.</summary>
    public ShardMap(int shards, ReadOnlySpan<ushort> shardOfBucket)
        : this(shards)
    {
        if (shardOfBucket.Length != Buckets)
            throw new ArgumentException($"A shard map names the shard of each of the {Buckets} buckets.", nameof(shardOfBucket));
        foreach (var shard in shardOfBucket)
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(shard, shards, nameof(shardOfBucket));
        _shardOfBucket = shardOfBucket.ToArray();
    }

    public int ShardCount { get; }

    public static int BucketOf(long uid) => (int)(uid & (Buckets - 1));

    public int ShardOf(long uid) => _shardOfBucket[BucketOf(uid)];

    /// <summary>The shard of a number's directory row; <paramref name="phone"/> is E.164, so ASCII.</summary>
    public int ShardOfPhone(ReadOnlySpan<byte> phone) => _shardOfBucket[BucketOf(PhoneHash.Of(phone))];

    /// <inheritdoc cref="ShardOfPhone(ReadOnlySpan{byte})"/>
    public int ShardOfPhone(ReadOnlySpan<char> phone) => _shardOfBucket[BucketOf(PhoneHash.Of(phone))];
}
