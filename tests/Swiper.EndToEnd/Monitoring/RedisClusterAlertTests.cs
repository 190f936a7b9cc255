using Swiper.EndToEnd.Cluster;
using Swiper.EndToEnd.Health;
using Swiper.Local.Processes;

namespace Swiper.EndToEnd.Monitoring;

/// <summary>One of the three nodes of a Redis Cluster is lost: Prometheus alerts of it, and the host's health names the node.</summary>
[Collection<OnRedisCluster>]
public sealed class RedisClusterAlertTests(RedisClusterServices services)
{
    [Fact]
    public async Task A_node_that_is_killed_or_hangs_is_alerted_of_and_named_until_it_is_back()
    {
        const int Node = 1;
        var (name, reason) = (ClusterServices.NameOfRedis(Node), $"redis {services.Cluster.Redis[Node]}");
        await using var deployment = await Deployment.CreateAsync(services);
        var port = FreePorts.Find();
        var instance = PrometheusServer.InstanceOf(port);
        using var health = await HostHealth.OfAsync(await deployment.StartHostAsync($"Ops:Port={port}"));
        using var prometheus = await PrometheusServer.StartAsync(port);
        await health.SaysAsync(isReady: true);

        await services.KillAsync(name);
        await health.SaysAmongOthersAsync(reason);
        await prometheus.FiresAsync("SwiperRedisDown", instance);
        await services.HealAsync();
        await health.SaysAsync(isReady: true);
        await prometheus.EndsAsync("SwiperRedisDown");

        services.Suspend(name);
        await health.SaysAmongOthersAsync(reason);
        await prometheus.FiresAsync("SwiperRedisDown", instance);
        services.Resume(name);
        await health.SaysAsync(isReady: true);
        await prometheus.EndsAsync("SwiperRedisDown");
    }
}
