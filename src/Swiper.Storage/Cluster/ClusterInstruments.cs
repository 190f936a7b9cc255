using System.Diagnostics.Metrics;
using Swiper.Storage.Metrics;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Cluster;

/// <summary>The instruments of the cluster engine. They read what it keeps anyway.</summary>
/// <param name="meter">Of the engine.</param>
/// <param name="engine">A started one.</param>
internal sealed class ClusterInstruments(Meter meter, ClusterEngine engine)
{
    private const int LargestPower = 20;

    public void Observe()
    {
        meter.ObserveCaches(engine.People);
        meter.ObserveFollowUps(engine.Records.FollowUps);
        ObserveShards();
        ObserveIndex();
        ObserveHosts();
    }

    private void ObserveShards()
    {
        meter.CreateObservableCounter("swiper.storage.batches", CountBatches, "{batch}",
            "Batches by the lane and by the power of two that their size reached.");
        meter.CreateObservableGauge(
            "swiper.lane.depth",
            () => engine.Shards.SelectMany(shard => (Measurement<int>[])
            [
                shard.Lane.Unfinished.With(("shard", shard.Number), ("lane", "write")),
                shard.RecordLanes.Sum(lane => lane.Unfinished).With(("shard", shard.Number), ("lane", "records")),
                shard.Readers.Unfinished.With(("shard", shard.Number), ("lane", "read")),
            ]),
            "{operation}", "Operations that wait for a lane or are at work in it.");
        meter.CreateObservableGauge(
            "swiper.shard.up", () => engine.Shards.Select(shard => shard.Server.IsAvailable.AsNumber().With(("shard", shard.Number))),
            null, "Whether the shard answers this host.");
        meter.CreateObservableGauge(
            "swiper.shard.breaker.open",
            () => engine.Shards.Select(shard => (!shard.Server.IsAvailable).AsNumber().With(("shard", shard.Number))),
            null, "Whether calls to the shard fail at once, until it answers a probe.");
        meter.CreateObservableCounter(
            "swiper.mysql.calls",
            () => engine.Shards.SelectMany(shard => shard.Server.Calls.All.Select(call =>
                call.Calls.With(("shard", shard.Number), ("outcome", call.Outcome)))),
            "{call}", "Transactions and queries that were sent, repetitions included in the call.");
    }

    private void ObserveIndex()
    {
        meter.CreateObservableGauge(
            "swiper.index.lag", () => engine.Index.Pending, "{swipe}", "Swipes of this host that the index lacks.");
        meter.CreateObservableGauge(
            "swiper.index.lag.duration", () => engine.Index.PendingFor.TotalSeconds, "s", "How long the oldest of them has waited.");
        meter.CreateObservableGauge(
            "swiper.index.untrusted", () => engine.Keeper.Untrusted, "{group}", "Groups of the index, of 64, that wait to be rebuilt.");
        meter.CreateObservableCounter(
            "swiper.index.rebuilds", () => engine.Keeper.Rebuilds, "{rebuild}", "Rebuilds of groups by this host.");
        meter.CreateObservableGauge(
            "swiper.redis.up", () => engine.Index.IsReachable.AsNumber(), null, "Whether every Redis server answered its last call.");
        meter.CreateObservableCounter(
            "swiper.redis.calls", () => engine.Index.CallCounts.All.Select(call => call.Calls.With(("outcome", call.Outcome))),
            "{call}", "Calls to the index.");
    }

    private void ObserveHosts() => meter.CreateObservableGauge<double>(
        "swiper.canary.age",
        () =>
        [
            engine.Canary.OwnAge.TotalSeconds.With(("path", "redis")),
            engine.Canary.Others.Select(other => other.Age).DefaultIfEmpty().Max().TotalSeconds.With(("path", "hosts")),
        ],
        "s", "Since this host's heartbeat came back through Redis, and since that of the other host that was heard least recently.");

    private IEnumerable<Measurement<long>> CountBatches() => [
        .. engine.Shards.SelectMany(shard => Count($"shard {shard.Number}", [shard.Lane.BatchSizes])),
        .. engine.Shards.SelectMany(shard => Count($"shard {shard.Number} records", shard.RecordLanes.Select(lane => lane.BatchSizes))),
        .. engine.Shards.SelectMany(shard => Count($"shard {shard.Number} reads", shard.Readers.BatchSizes)),
        .. Count("index", engine.Index.CallSizes),
    ];

    private static IEnumerable<Measurement<long>> Count(string lane, IEnumerable<BatchSizes> sizes)
    {
        var all = sizes.ToArray();
        return Enumerable.Range(0, LargestPower)
            .Select(power => (Size: 1L << power, Batches: all.Sum(one => one.AtLeastPowerOfTwo(power))))
            .Where(row => row.Batches > 0)
            .Select(row => row.Batches.With(("lane", lane), ("size", row.Size)));
    }
}
