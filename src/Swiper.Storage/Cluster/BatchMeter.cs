using System.Diagnostics.Metrics;
using Swiper.Storage.Redis;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Cluster;

/// <summary>
/// The sizes of this host's batches as a .NET metrics instrument: <c>swiper.storage.batches</c> counts the batches by <c>lane</c> (a
/// shard's swipes, its records, its reads, calls to the index) and by <c>size</c>: a batch had at least that many operations or swipes
/// and less than twice as many. It reads counters that the lanes keep anyway.
/// </summary>
internal sealed class BatchMeter : IDisposable
{
    private const int LargestPower = 20;

    private readonly Meter _meter = new("Swiper.Storage");
    private readonly ClusterShards _shards;
    private readonly SwipeIndex _index;

    /// <param name="shards">Started ones.</param>
    /// <param name="index">The index.</param>
    public BatchMeter(ClusterShards shards, SwipeIndex index)
    {
        (_shards, _index) = (shards, index);
        _meter.CreateObservableCounter("swiper.storage.batches", Observe, "{batch}",
            "Batches by the lane and by the power of two that their size reached.");
    }

    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<long>> Observe() => [
        .. _shards.SelectMany(shard => Count($"shard {shard.Number}", [shard.Lane.BatchSizes])),
        .. _shards.SelectMany(shard => Count($"shard {shard.Number} records", shard.RecordLanes.Select(lane => lane.BatchSizes))),
        .. _shards.SelectMany(shard => Count($"shard {shard.Number} reads", shard.Readers.BatchSizes)),
        .. Count("index", _index.CallSizes),
    ];

    private static IEnumerable<Measurement<long>> Count(string lane, IEnumerable<BatchSizes> sizes)
    {
        var all = sizes.ToArray();
        return Enumerable.Range(0, LargestPower)
            .Select(power => (Size: 1L << power, Batches: all.Sum(one => one.AtLeastPowerOfTwo(power))))
            .Where(row => row.Batches > 0)
            .Select(row => new Measurement<long>(row.Batches, KeyValuePair.Create<string, object?>("lane", lane),
                KeyValuePair.Create<string, object?>("size", row.Size)));
    }
}
