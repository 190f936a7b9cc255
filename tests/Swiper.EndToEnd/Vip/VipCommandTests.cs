using Swiper.Client;
using Swiper.Core.Protocol;
using Swiper.EndToEnd.Cluster;
using Swiper.EndToEnd.Running;
using Swiper.Local;

namespace Swiper.EndToEnd.Vip;

/// <summary>`vip` as a process of its own, beside a server that runs.</summary>
public sealed class VipCommandTests
{
    [Fact]
    public async Task A_level_that_is_granted_while_the_server_runs_counts_at_once_and_after_a_kill()
    {
        using var data = new ScratchFolder("end-to-end");
        var tokens = await TestHost.MakeRobotsAsync(data, 2);
        long ends;
        using (var host = await TestHost.StartAsync(data, "Vip:GrantAll=false"))
        {
            await using var client = await host.ConnectAsync();
            await client.ResumeAsync(tokens[0]);
            await using var pushes = new PushInbox(client);
            Assert.Equal(StatusCode.VipRequired, (await client.TryLikedMeAsync()).Failure.Code);
            Assert.Equal("basic", (await client.MyVipAsync()).Name);

            var run = await TestHost.RunAsync("vip", "grant", $"{client.Uid}", "3", "30", "--data", data);

            Assert.Equal((0, ""), (run.ExitCode, run.Errors));
            Assert.StartsWith($"user {client.Uid}: level 3 (gold) until ", run.Output, StringComparison.Ordinal);
            Assert.Equal(3, (await pushes.NextAsync<SwiperPush.Vip>()).Level);
            Assert.Empty((await client.LikedMeAsync()).Likes);
            ends = (await client.MyVipAsync()).Ends;
            await host.KillAsync();
        }

        // It has left its socket behind.
        Assert.Equal(69, (await TestHost.RunAsync("vip", "levels", "--data", data)).ExitCode);
        using var again = await TestHost.StartAsync(data, "Vip:GrantAll=false");
        await using var back = await again.ConnectAsync();
        await back.ResumeAsync(tokens[0]);
        Assert.Equal((3, ends), (await back.MyVipAsync()) is var mine ? (mine.Level, mine.Ends) : default);
        Assert.Equal(0, (await TestHost.RunAsync("vip", "levels", "--data", data)).ExitCode);
    }

    [Fact]
    public async Task A_socket_with_a_path_that_is_too_long_is_refused()
    {
        using var data = new ScratchFolder("end-to-end");
        var run = await TestHost.RunAsync(
            "--environment", "Development", "--data", Path.Combine(data, new string('x', 100)), "--port", "0", "--tls-port", "0");
        Assert.Equal(78, run.ExitCode);
        Assert.Contains("and a Unix socket's path at most", Assert.Single(run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)),
            StringComparison.Ordinal);
    }
}

/// <summary>The same on a cluster.</summary>
[Collection<OnServices>]
public sealed class VipOnAClusterTests(ClusterServices services)
{
    [Fact]
    public async Task What_is_done_on_one_host_counts_on_the_other()
    {
        using var sockets = new ScratchFolder("end-to-end");
        await using var deployment = await Deployment.CreateAsync(services);
        var socket = sockets.File("one.sock");
        var one = await deployment.StartHostAsync("Vip:GrantAll=false", $"Ops:Socket={socket}");
        var other = await deployment.StartHostAsync("Vip:GrantAll=false", $"Ops:Socket={sockets.File("other.sock")}");
        await using var client = await other.ConnectAsync();
        var uid = (await other.SignInAsync(client, Outbox.NewPhone())).Uid;
        await using var pushes = new PushInbox(client);
        Assert.Equal(StatusCode.VipRequired, (await client.TryLikedMeAsync()).Failure.Code);

        // Without the servers of the cluster: that is the host's business.
        string[] where = ["--set", $"Ops:Socket={socket}"];
        Assert.Equal(0, (await TestHost.RunAsync(["vip", "grant", $"{uid}", "1", "30", .. where])).ExitCode);
        Assert.Equal(1, (await pushes.NextAsync<SwiperPush.Vip>()).Level);
        await Eventually.HoldsAsync(async () => (await client.MyVipAsync()).Level == 1, "the level on the other host");
        Assert.Equal(0, (await TestHost.RunAsync(["vip", "set", "1", "--permissions", "who_liked_me", .. where])).ExitCode);
        await Eventually.HoldsAsync(async () => (await client.TryLikedMeAsync()).IsOk, "the changed table on the other host");
        Assert.Equal(0, (await TestHost.RunAsync(["vip", "revoke", $"{uid}", .. where])).ExitCode);
        Assert.Equal(0, (await pushes.NextAsync<SwiperPush.Vip>()).Level);
        await Eventually.HoldsAsync(
            async () => (await client.TryLikedMeAsync()).Failure.Code == StatusCode.VipRequired, "the end of the level on the other host");
    }
}
