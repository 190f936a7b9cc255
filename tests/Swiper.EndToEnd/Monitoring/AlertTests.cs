using System.Data.Common;
using System.Globalization;
using Swiper.Client;
using Swiper.EndToEnd.Cluster;
using Swiper.EndToEnd.Running;
using Swiper.EndToEnd.Storage;
using Swiper.Local.Hosts;
using Swiper.Local.Processes;

namespace Swiper.EndToEnd.Monitoring;

/// <summary>
/// A Prometheus scrapes hosts while things befall them and their stores: it alerts of each, and no longer once that is over.
/// </summary>
[Collection<OnFailingServices>]
public sealed class AlertTests(ClusterServices services)
{
    [Fact]
    public async Task Each_fault_of_a_cluster_is_alerted_of_while_it_lasts()
    {
        using var proxy = new SilentProxy(services.RedisPort, "EVAL"u8.ToArray(), "SCRIPT"u8.ToArray(), "PUBLISH"u8.ToArray());
        await using var connections = new TakenConnections(services, shard: 1);
        // A shard that hangs is noticed by it.
        await using var deployment = await Deployment.CreateAsync(services, TimeSpan.FromSeconds(3));
        var shard = new DbConnectionStringBuilder { ConnectionString = deployment.Cluster.Shards[1] };
        using var shardProxy = new SilentProxy(
            int.Parse((string)shard["Port"], CultureInfo.InvariantCulture), "SELECT"u8.ToArray(), "SET SESSION"u8.ToArray());
        shard["Port"] = shardProxy.Port;
        int[] ports = [FreePorts.Find(), FreePorts.Find()];
        string[] instances = [.. ports.Select(PrometheusServer.InstanceOf)];
        var first = await deployment.StartHostAsync($"Ops:Port={ports[0]}");
        var second = await StartSecondAsync();
        using var prometheus = await PrometheusServer.StartAsync(ports);
        await using var people = await Trickle.StartAsync(first);

        await services.KillAsync(ClusterServices.NameOfShard(1));
        await prometheus.FiresAsync("SwiperShardDown", instances);
        await prometheus.FiresAsync("SwiperRequestsFail", instances[0]);
        // What Redis has lost is read from all shards.
        await services.EmptyRedisAsync();
        await prometheus.FiresAsync("SwiperIndexUntrusted");
        await services.HealAsync();
        await prometheus.EndsAsync("SwiperShardDown");
        await prometheus.EndsAsync("SwiperRequestsFail");
        await prometheus.EndsAsync("SwiperIndexUntrusted");

        await connections.TakeAllAsync();
        await services.KillAsync(ClusterServices.NameOfRedis(0));
        await prometheus.FiresAsync("SwiperShardDown", instances);
        await prometheus.FiresAsync("SwiperRedisDown", instances);
        await connections.GiveBackAsync();
        await services.HealAsync();
        await prometheus.EndsAsync("SwiperShardDown");
        await prometheus.EndsAsync("SwiperRedisDown");

        // The first one has the hosts' node numbers.
        services.Suspend(ClusterServices.NameOfShard(0));
        await prometheus.FiresAsync("SwiperShardDown", instances);
        await prometheus.FiresAsync("SwiperNodeNumberAtRisk", instances);
        services.Resume(ClusterServices.NameOfShard(0));
        await prometheus.EndsAsync("SwiperShardDown");
        await prometheus.EndsAsync("SwiperNodeNumberAtRisk");

        services.Suspend(ClusterServices.NameOfRedis(0));
        await people.SwipeAsync();
        await prometheus.FiresAsync("SwiperRedisDown", instances);
        await prometheus.FiresAsync("SwiperCanaryLate", instances);
        await prometheus.FiresAsync("SwiperIndexBehind", instances[0]);
        services.Resume(ClusterServices.NameOfRedis(0));
        await prometheus.EndsAsync("SwiperIndexBehind");
        await prometheus.EndsAsync("SwiperRedisDown");
        await prometheus.EndsAsync("SwiperCanaryLate");
        await prometheus.EndsAsync("SwiperHostSilent");

        proxy.SwallowNewOnes(Way.Both);
        proxy.Swallow(Way.Both);
        await prometheus.FiresAsync("SwiperCanaryLate", instances[1]);
        await prometheus.FiresAsync("SwiperHostSilent", instances[0]);
        await prometheus.FiresForAloneAsync("SwiperCanaryLate", instances[1]);
        proxy.SwallowNewOnes(Way.None);
        await prometheus.EndsAsync("SwiperCanaryLate");
        await prometheus.EndsAsync("SwiperHostSilent");

        shardProxy.SwallowNewOnes(Way.Both);
        shardProxy.Swallow(Way.Both);
        await prometheus.FiresAsync("SwiperShardDown", instances[1]);
        await prometheus.FiresAsync("SwiperHostNotReady", instances[1]);
        Assert.DoesNotContain(("SwiperShardDown", instances[0]), await prometheus.FiringAsync());
        Assert.DoesNotContain(("SwiperHostNotReady", instances[0]), await prometheus.FiringAsync());
        shardProxy.SwallowNewOnes(Way.None);
        await prometheus.EndsAsync("SwiperShardDown");
        await prometheus.EndsAsync("SwiperHostNotReady");

        second.Suspend();
        await prometheus.FiresAsync("SwiperHostDown", instances[1]);
        second.Resume();
        await prometheus.EndsAsync("SwiperHostDown");

        await second.KillAsync();
        await prometheus.FiresAsync("SwiperHostDown", instances[1]);
        await StartSecondAsync();
        await prometheus.EndsAsync("SwiperHostDown");

        Task<ChildHost> StartSecondAsync() => deployment.StartHostAsync(
            $"Ops:Port={ports[1]}", $"Cluster:Redis={proxy.Address}", $"Cluster:Shards:1={shard.ConnectionString}");
    }

    [Fact]
    public async Task A_full_disk_is_alerted_of_until_there_is_room()
    {
        await using var disk = await SmallDisk.MountAsync(megabytes: 48);
        var port = FreePorts.Find();
        var instance = PrometheusServer.InstanceOf(port);
        using var host = await TestHost.StartAsync(disk.Path, $"Ops:Port={port}", $"Storage:LowSpace={8 << 20}");
        using var prometheus = await PrometheusServer.StartAsync(port);
        await using var people = await Trickle.StartAsync(host);

        disk.Fill();
        await prometheus.FiresAsync("SwiperDiskLow", instance);
        await prometheus.FiresAsync("SwiperShardDown", instance);
        disk.MakeRoom();
        await prometheus.EndsAsync("SwiperDiskLow");
        await prometheus.EndsAsync("SwiperShardDown");
    }

    /// <summary>A few people who change their profiles now and then, whatever becomes of it.</summary>
    private sealed class Trickle : IAsyncDisposable
    {
        private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

        private readonly CancellationTokenSource _ended = new();
        private readonly SwiperClient[] _clients;
        private readonly Task _changing;

        private Trickle(SwiperClient[] clients)
        {
            _clients = clients;
            _changing = Task.WhenAll(clients.Select(ChangeAsync));
        }

        public static async Task<Trickle> StartAsync(ChildHost host) => new(await host.SignInAsync(await host.SignUpAsync(6)));

        /// <summary>One of them swipes another.</summary>
        public async Task SwipeAsync() => Assert.True((await _clients[0].TrySwipeAsync(_clients[1].Uid!.Value, SwipeKind.Dislike)).IsOk);

        public async ValueTask DisposeAsync()
        {
            await _ended.CancelAsync();
            await _changing.Soon();
            await _clients.DisposeAllAsync();
            _ended.Dispose();
        }

        private async Task ChangeAsync(SwiperClient client)
        {
            for (var turn = 0; !_ended.IsCancellationRequested; turn++)
            {
                await client.TryUpdateProfileAsync(new ProfileChange { Location = $"turn {turn}" });
                await Task.Delay(Pause, _ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
