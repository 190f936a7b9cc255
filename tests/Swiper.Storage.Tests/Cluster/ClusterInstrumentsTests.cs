using Microsoft.Extensions.Logging.Abstractions;
using Swiper.Core.Dispatch;
using Swiper.Storage.Cluster;

namespace Swiper.Storage.Tests.Cluster;

/// <summary>What the cluster engine shows of itself.</summary>
[Collection(nameof(ClusterCollection))]
public sealed class ClusterInstrumentsTests(ClusterServers servers)
{
    [Fact]
    public async Task Lanes_shards_the_index_calls_and_the_canary_are_measured()
    {
        await using var cluster = new TestCluster(servers);
        using var meters = new RecordedMeters();
        await using var engine = new ClusterStorage(
            cluster.Options, new SessionRegistry(), TimeProvider.System, NullLogger<ClusterStorage>.Instance, meters);
        await engine.StartAsync(TestContext.Current.CancellationToken);
        await cluster.AwaitTrustAsync();
        Eventually.Holds(() => !engine.FindReasons().Any(), "a host that is well");

        var measured = meters.Read();

        for (var shard = 0; shard < 2; shard++)
        {
            Assert.Equal([1], measured[$"swiper.shard.up{{shard={shard}}}"]);
            Assert.Equal([0], measured[$"swiper.shard.breaker.open{{shard={shard}}}"]);
            Assert.Single(measured[$"swiper.lane.depth{{shard={shard},lane=write}}"]);
            Assert.Single(measured[$"swiper.lane.depth{{shard={shard},lane=records}}"]);
            Assert.Single(measured[$"swiper.lane.depth{{shard={shard},lane=read}}"]);
            Assert.NotEmpty(measured[$"swiper.lane.commit.duration{{shard={shard},lane=write}}"]);
            Assert.InRange(Assert.Single(measured[$"swiper.mysql.calls{{shard={shard},outcome=ok}}"]), 1, double.MaxValue);
            Assert.Equal([0], measured[$"swiper.mysql.calls{{shard={shard},outcome=timeout}}"]);
        }

        Assert.Equal([0], measured["swiper.index.lag{}"]);
        Assert.Equal([0], measured["swiper.index.lag.duration{}"]);
        Assert.Equal([0], measured["swiper.index.untrusted{}"]);
        Assert.Equal([1], measured["swiper.index.rebuilds{}"]);
        Assert.Equal([1], measured["swiper.redis.up{}"]);
        Assert.InRange(Assert.Single(measured["swiper.redis.calls{outcome=ok}"]), 1, double.MaxValue);
        Assert.Single(measured["swiper.canary.age{path=redis}"]);
        Assert.Equal([0], measured["swiper.canary.age{path=hosts}"]);
        Assert.Single(measured["swiper.cache.entries{cache=profiles}"]);
        Assert.Contains(measured, series => series.Key.StartsWith("swiper.storage.batches{lane=shard 0,size=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_host_hears_the_others_and_misses_one_that_is_not_there()
    {
        await using var cluster = new TestCluster(servers);
        var host = await cluster.StartHostAsync();
        var other = await cluster.StartHostAsync();
        Eventually.Holds(() => host.Engine.Parts.Canary.Others is [var heard] && heard.Node == other.Engine.Node, "the other host");
        Eventually.Holds(() => !host.Engine.FindReasons().Any() && !other.Engine.FindReasons().Any(), "hosts that are well");

        // It holds a number, as a host on another Redis does.
        cluster.Shard(0).Execute(
            "INSERT INTO nodes (node, owner, epoch, until) VALUES (701, @p0, 1, @p1)", Guid.NewGuid().ToByteArray(), long.MaxValue);

        Eventually.Holds(
            () => host.Engine.FindReasons().ToArray() is [{ Kind: HealthReasonKind.Hosts, Which: "701", IsUnready: false }],
            "the one missed");
        cluster.Shard(0).Execute("DELETE FROM nodes WHERE node = 701");
        Eventually.Holds(() => !host.Engine.FindReasons().Any(), "a host that is well");
    }
}
