using System.Data.Common;
using System.Globalization;
using Swiper.EndToEnd.Cluster;
using Swiper.Local.Hosts;

namespace Swiper.EndToEnd.Health;

/// <summary>
/// What two hosts of a cluster say of their health, within a few seconds, while a shard, Redis, or one of them is bad, and that they
/// stop saying it. What befalls both leaves them ready. How long each took is in the test's output.
/// </summary>
[Collection<OnFailingServices>]
public sealed class ClusterFaultTests(ClusterServices services)
{
    [Fact]
    public async Task A_shard_that_is_killed_or_hangs()
    {
        await using var deployment = await Deployment.CreateAsync(services);
        using var one = await StartAsync(deployment);
        using var two = await StartAsync(deployment);
        await AreWellAsync(one, two);

        await services.KillAsync(ClusterServices.NameOfShard(1));
        await one.SaysAsync(isReady: true, "shard 1");
        await two.SaysAsync(isReady: true, "shard 1");
        await services.HealAsync();
        await AreWellAsync(one, two);

        services.Suspend(ClusterServices.NameOfShard(1));
        await one.SaysAsync(isReady: true, "shard 1");
        await two.SaysAsync(isReady: true, "shard 1");
        services.Resume(ClusterServices.NameOfShard(1));
        await AreWellAsync(one, two);
        Assert.Equal(1, await one.ReadAsync("swiper_shard_up{otel_scope_name=\"Swiper.Storage\",shard=\"1\"}"));
    }

    [Fact]
    public async Task A_shard_without_free_connections()
    {
        await using var deployment = await Deployment.CreateAsync(services);
        await using var connections = new TakenConnections(services, shard: 1);
        using var one = await StartAsync(deployment);
        using var two = await StartAsync(deployment);
        await AreWellAsync(one, two);

        await connections.TakeAllAsync();
        await one.SaysAsync(isReady: true, "shard 1");
        await two.SaysAsync(isReady: true, "shard 1");
        await connections.GiveBackAsync();
        await AreWellAsync(one, two);
    }

    [Fact]
    public async Task A_shard_that_one_of_two_hosts_does_not_reach()
    {
        await using var deployment = await Deployment.CreateAsync(services, TimeSpan.FromSeconds(3));
        var shard = new DbConnectionStringBuilder { ConnectionString = deployment.Cluster.Shards[1] };
        using var proxy = new SilentProxy(
            int.Parse((string)shard["Port"], CultureInfo.InvariantCulture), "SELECT"u8.ToArray(), "SET SESSION"u8.ToArray());
        shard["Port"] = proxy.Port;
        using var one = await StartAsync(deployment);
        using var two = await StartAsync(deployment, $"Cluster:Shards:1={shard.ConnectionString}");
        await AreWellAsync(one, two);

        proxy.SwallowNewOnes(Way.Both);
        proxy.Swallow(Way.Both);
        await two.SaysAsync(isReady: true, "shard 1");
        await two.SaysAsync(isReady: false, "shard 1");
        await one.SaysAsync(isReady: true);

        proxy.SwallowNewOnes(Way.None);
        await AreWellAsync(one, two);
    }

    [Fact]
    public async Task Redis_that_is_killed_or_hangs()
    {
        await using var deployment = await Deployment.CreateAsync(services);
        using var one = await StartAsync(deployment);
        using var two = await StartAsync(deployment);
        await AreWellAsync(one, two);

        await services.KillAsync(ClusterServices.NameOfRedis(0));
        await one.SaysAsync(isReady: true, "canary", "redis server");
        await two.SaysAsync(isReady: true, "canary", "redis server");
        Assert.Equal(0, await one.ReadAsync("swiper_redis_up"));
        await services.HealAsync();
        await AreWellAsync(one, two);

        services.Suspend(ClusterServices.NameOfRedis(0));
        await one.SaysAsync(isReady: true, "canary", "redis server");
        await two.SaysAsync(isReady: true, "canary", "redis server");
        services.Resume(ClusterServices.NameOfRedis(0));
        await AreWellAsync(one, two);
        Assert.Equal(1, await one.ReadAsync("swiper_redis_up"));
    }

    [Fact]
    public async Task Redis_that_is_deaf_to_one_of_two_hosts()
    {
        await using var deployment = await Deployment.CreateAsync(services);
        using var proxy = new SilentProxy(
            services.RedisPort, "EVAL"u8.ToArray(), "SCRIPT"u8.ToArray(), "PUBLISH"u8.ToArray(), "SUBSCRIBE"u8.ToArray());
        using var one = await StartAsync(deployment);
        using var two = await StartAsync(deployment, $"Cluster:Redis={proxy.Address}");
        await AreWellAsync(one, two);
        var node = (await deployment.QueryAsync(0, "SELECT MAX(node) FROM nodes"))[0][0];

        proxy.SwallowNewOnes(Way.Both);
        proxy.Swallow(Way.Both);
        await one.SaysAsync(isReady: true, $"hosts {node}");
        // The other one would serve its clients better.
        await two.SaysAsync(isReady: false, "canary", "redis server");
        await one.SaysAsync(isReady: true, $"hosts {node}");
        proxy.SwallowNewOnes(Way.None);
        await AreWellAsync(one, two);
    }

    [Fact]
    public async Task A_host_that_hangs_and_one_that_is_killed()
    {
        await using var deployment = await Deployment.CreateAsync(services);
        // It is told of for as long as it has its number.
        var settings = "Cluster:NodeLease=00:01:00";
        using var one = await StartAsync(deployment, settings);
        var host = await deployment.StartHostAsync(settings);
        using var two = await HostHealth.OfAsync(host);
        await AreWellAsync(one, two);
        var node = (await deployment.QueryAsync(0, "SELECT MAX(node) FROM nodes"))[0][0];

        host.Suspend();
        await one.SaysAsync(isReady: true, $"hosts {node}");
        host.Resume();
        await AreWellAsync(one, two);

        await host.KillAsync();
        await one.SaysAsync(isReady: true, $"hosts {node}");
        // Once its number is over, here before its time, it is no host any more.
        await services.AskMySqlAsync(deployment.Cluster.Shards[0], $"UPDATE nodes SET until = 0 WHERE node = {node}");
        await one.SaysAsync(isReady: true);
    }

    private static async Task<HostHealth> StartAsync(Deployment deployment, params string[] settings)
    {
        ChildHost host = await deployment.StartHostAsync(settings);
        return await HostHealth.OfAsync(host);
    }

    private static async Task AreWellAsync(params HostHealth[] hosts)
    {
        foreach (var host in hosts)
            await host.SaysAsync(isReady: true);
    }
}
