using Dapper;
using Swiper.Core.Dispatch;
using Swiper.Storage.Cluster.Events;

namespace Swiper.Storage.Tests.Cluster;

/// <summary>What hosts of a cluster say of a fault that befalls one of them, or one shard, on real servers.</summary>
[Collection(nameof(ClusterCollection))]
public sealed class ClusterHealthOnServersTests(ClusterServers servers)
{
    [Fact]
    public async Task On_the_first_shard_hosts_say_that_they_reach_redis_and_hear_it_of_others()
    {
        await using var cluster = new TestCluster(servers, TimeSpan.FromMinutes(1));
        var host = await cluster.StartHostAsync();
        // Who looks after its health says so.
        await cluster.UntilAsync(() => Looks() && cluster.Count(0, "nodes WHERE redis_at > 0") == 1, "its word");
        Assert.False(host.Engine.Parts.Canary.IsRedisReachedByAnother);

        // As of another host, which says it just now.
        cluster.Shard(0).Execute(
            "INSERT INTO nodes (node, owner, epoch, until, redis_at) VALUES (701, @p0, 1, @p1, @p1)", Guid.NewGuid().ToByteArray(),
            long.MaxValue / 2);
        await cluster.UntilAsync(() => host.Engine.Parts.Canary.IsRedisReachedByAnother, "the other's word");
        cluster.Shard(0).Execute("UPDATE nodes SET redis_at = CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED) - 10000 WHERE node = 701");
        await cluster.UntilAsync(() => !host.Engine.Parts.Canary.IsRedisReachedByAnother, "a word that no longer stands");

        cluster.Redis.Freeze();
        try
        {
            await cluster.UntilAsync(() => Looks() && host.Engine.Parts.Canary.OwnAge > Canary.Patience, "a host that Redis is deaf to");
            var said = cluster.Query(0, "SELECT redis_at FROM nodes WHERE node <> 701")[0][0];
            await cluster.UntilAsync(
                () => Looks() && cluster.Query(0, "SELECT redis_at FROM nodes WHERE node <> 701 "
                    + "AND redis_at < CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED) - 5000") is [[var last]] && last - said < 5000,
                "it says so no longer");
        }
        finally
        {
            cluster.Redis.Thaw();
        }

        bool Looks() => host.Engine.FindReasons() is not null;
    }

    [Fact]
    public async Task A_shard_that_rejects_a_request_is_told_of_for_ten_seconds()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var cluster = new TestCluster(servers, TimeSpan.FromDays(1), clock);
        var host = await cluster.StartHostAsync();
        Assert.DoesNotContain(host.Engine.FindReasons(), Rejects);

        // As a full disk is told of.
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await host.Engine.Parts.Shards[1].ReadAsync(
            0, static (connection, _) => connection.QueryAsync("SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = 1114")));

        Assert.Contains(host.Engine.FindReasons(), Rejects);
        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.DoesNotContain(host.Engine.FindReasons(), Rejects);

        static bool Rejects(HealthReason reason) => reason is { Kind: HealthReasonKind.Shard, Which: "1", IsUnready: false }
            && reason.Detail.Contains("rejects requests", StringComparison.Ordinal);
    }
}
