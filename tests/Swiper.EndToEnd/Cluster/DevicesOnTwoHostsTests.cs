using Swiper.Client;
using Swiper.Core.Protocol;
using Swiper.EndToEnd.Running;
using Swiper.Local.Hosts;

namespace Swiper.EndToEnd.Cluster;

/// <summary>The devices of one user, some connected to one host of a cluster and some to another.</summary>
[Collection<OnServices>]
public sealed class DevicesOnTwoHostsTests(ClusterServices services) : IAsyncLifetime
{
    private Deployment _deployment = null!;
    private ChildHost _one = null!;
    private ChildHost _other = null!;

    public async ValueTask InitializeAsync()
    {
        _deployment = await Deployment.CreateAsync(services);
        var hosts = await _deployment.StartHostsAsync(2);
        (_one, _other) = (hosts[0], hosts[1]);
    }

    public async ValueTask DisposeAsync()
    {
        await _deployment.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_device_signed_out_on_one_host_is_refused_by_both_and_the_others_connection_is_told()
    {
        var phone = Outbox.NewPhone();
        await using var here = await _one.ConnectAsync(options => options with { ClientName = "here" });
        await using var there = await _other.ConnectAsync(options => options with { ClientName = "there" });
        var mine = await _one.SignInAsync(here, phone);
        var theirs = await _other.SignInAsync(there, phone);
        Assert.Equal(mine.Uid, theirs.Uid);
        var devices = await here.DevicesAsync();
        Assert.Equal(["here", "there"], devices.Select(device => device.Client).Order(StringComparer.Ordinal));
        await using var pushes = new PushInbox(there);

        await here.SignOutAsync(devices.Single(device => device.Client == "there").DeviceId);

        foreach (var host in new[] { _one, _other })
        {
            await using var again = await host.ConnectAsync(options => options with { ClientName = "here" });
            Assert.Equal(StatusCode.TokenInvalid, (await again.TryResumeAsync(theirs.Token)).Failure.Code);
            Assert.True((await again.TryResumeAsync(mine.Token)).IsOk);
        }
        Assert.Equal("signed_out", (await pushes.NextAsync<SwiperPush.SignedOut>()).Reason);
        Assert.Equal(StatusCode.LoginRequired, (await there.TryDevicesAsync()).Failure.Code);
        Assert.Equal("here", Assert.Single(await here.DevicesAsync()).Client);
    }

    [Fact]
    public async Task A_device_that_comes_back_to_one_host_while_the_other_signs_it_out_stays_out()
    {
        const int Devices = 8;
        var phone = Outbox.NewPhone();
        await using var mine = await _one.ConnectAsync();
        var mineToken = (await _one.SignInAsync(mine, phone)).Token;
        var others = await Task.WhenAll(Enumerable.Range(0, Devices).Select(_ => _other.ConnectAsync()));
        var tokens = new List<string>();
        foreach (var other in others)
            tokens.Add((await _other.SignInAsync(other, phone)).Token);

        // They come back over and over, before, during and after.
        using var stop = new CancellationTokenSource();
        var coming = others.Select((other, index) => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
                await other.TryResumeAsync(tokens[index]);
        })).ToArray();
        await mine.SignOutOthersAsync();
        var refused = await Task.WhenAll(tokens.SelectMany(token => new[] { _one, _other }.Select(async host =>
        {
            await using var again = await host.ConnectAsync();
            return (await again.TryResumeAsync(token)).Failure.Code;
        })));
        await stop.CancelAsync();
        await Task.WhenAll(coming);

        Assert.All(refused, code => Assert.Equal(StatusCode.TokenInvalid, code));
        Assert.Single(await mine.DevicesAsync());
        foreach (var other in others)
            await Eventually.HoldsAsync(
                async () => (await other.TryDevicesAsync()).Failure.Code == StatusCode.LoginRequired, "being signed out");
        Assert.True((await mine.TryResumeAsync(mineToken)).IsOk);
        await others.DisposeAllAsync();
    }

    [Fact]
    public async Task Every_device_gets_every_push_whichever_host_it_is_connected_to()
    {
        var tokens = await _one.SignUpAsync(10);
        var phone = Outbox.NewPhone();
        var connections = new List<SwiperClient>();
        foreach (var host in new[] { _one, _one, _other, _other })
        {
            var device = await host.ConnectAsync();
            var token = (await host.SignInAsync(device, phone)).Token;
            // A device may have several connections, also to different hosts.
            connections.AddRange([device, .. await _one.SignInAsync([token]), .. await _other.SignInAsync([token])]);
        }

        SwiperClient[] fans = [.. await _one.SignInAsync(tokens[..5]), .. await _other.SignInAsync(tokens[5..])];
        await Task.WhenAll(fans.Select(fan => fan.SwipeAsync(connections[0].Uid!.Value, SwipeKind.Superlike).AsTask()));
        foreach (var connection in connections)
        {
            await using var pushes = new PushInbox(connection);
            for (var seq = 1; seq <= fans.Length; seq++)
                Assert.Equal(seq, (await pushes.NextAsync<SwiperPush.Superliked>()).Seq);
            Assert.Empty(await pushes.RestAsync());
        }
        await fans.DisposeAllAsync();
    }
}
