using Swiper.Client;
using Swiper.Core.Protocol;
using Swiper.EndToEnd.Running;
using Swiper.EndToEnd.Storage;

namespace Swiper.EndToEnd.Health;

/// <summary>What a host says of its health while its disk is full.</summary>
public sealed class DiskFaultTests
{
    // As the folder is made.
    private const int Shards = 4;

    [Fact]
    public async Task A_full_disk_and_the_shards_that_it_refused_are_told_until_there_is_space()
    {
        await using var disk = await SmallDisk.MountAsync(megabytes: 48);
        var tokens = await TestHost.MakeRobotsAsync(disk.Folder, 50);
        using var host = await TestHost.StartAsync(disk.Path, "Storage:LowSpace=2000000");
        using var health = await HostHealth.OfAsync(host);
        var clients = await host.SignInAsync(tokens);
        await health.SaysAsync(isReady: true);

        disk.Fill();
        await health.SaysAsync(isReady: true, "disk");
        Assert.InRange(await health.ReadAsync("swiper_disk_free_bytes"), 0, 2_000_000);
        await SwipeUntilAllAreRefusedAsync(clients);
        await health.SaysAsync(isReady: true, ["disk", .. Enumerable.Range(0, Shards).Select(shard => $"shard {shard}")]);
        Assert.Equal(0, await health.ReadAsync(IsUp(0)));

        // Nobody writes meanwhile.
        disk.MakeRoom();
        await health.SaysAsync(isReady: true);
        Assert.Equal(1, await health.ReadAsync(IsUp(0)));
        await clients.DisposeAllAsync();
        Assert.Equal(0, await host.TerminateAsync());
    }

    private static string IsUp(int shard) => $"swiper_shard_up{{otel_scope_name=\"Swiper.Storage\",shard=\"{shard}\"}}";

    // What a log has kept room for is used up first.
    private static async Task SwipeUntilAllAreRefusedAsync(SwiperClient[] clients)
    {
        for (var round = 1; round < clients.Length; round++)
        {
            var refused = 0;
            for (var me = 0; me < clients.Length; me++)
            {
                var other = clients[(me + round) % clients.Length].Uid!.Value;
                var outcome = await clients[me].TrySwipeAsync(other, SwipeKind.Dislike);
                if (!outcome.IsOk)
                {
                    Assert.Equal(StatusCode.Unavailable, outcome.Failure.Code);
                    refused++;
                }
            }

            if (refused == clients.Length)
                return;
        }

        Assert.Fail("Some swipes were still taken.");
    }
}
