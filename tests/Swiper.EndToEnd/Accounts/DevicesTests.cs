using Swiper.Client;
using Swiper.Core.Protocol;
using Swiper.EndToEnd.Running;
using Swiper.Local;

namespace Swiper.EndToEnd.Accounts;

/// <summary>A user with several devices, as apps see it.</summary>
public sealed class DevicesTests
{
    private const int Most = 16;

    // One phone is sent more codes than it would be in an hour.
    private const string ManyLogins = "Accounts:LiftRateLimits=true";

    [Fact]
    public async Task Devices_are_listed_and_signed_out_and_stay_so_across_a_kill()
    {
        using var data = new ScratchFolder("end-to-end");
        var number = Outbox.NewPhone();
        var tokens = new List<string>();
        using (var host = await TestHost.StartAsync(data, ManyLogins))
        {
            await using var phone = await host.ConnectAsync(options => options with { ClientName = "phone" });
            await using var tablet = await host.ConnectAsync(options => options with { ClientName = "tablet" });
            await using var laptop = await host.ConnectAsync(options => options with { ClientName = "laptop" });
            await using var watch = await host.ConnectAsync(options => options with { ClientName = "watch" });
            foreach (var client in new[] { phone, tablet, laptop, watch })
                tokens.Add((await host.SignInAsync(client, number)).Token);

            var devices = await phone.DevicesAsync();
            Assert.Equal(["laptop", "phone", "tablet", "watch"], devices.Select(device => device.Client).Order(StringComparer.Ordinal));
            Assert.Equal("phone", Assert.Single(devices, device => device.Current).Client);
            Assert.All(devices, device => Assert.Equal(device.Created, device.LastSeen));

            await using var tabletPushes = new PushInbox(tablet);
            await using var laptopPushes = new PushInbox(laptop);
            await phone.SignOutAsync(devices.Single(device => device.Client == "tablet").DeviceId);
            Assert.Equal("signed_out", (await tabletPushes.NextAsync<SwiperPush.SignedOut>()).Reason);
            Assert.Null(tablet.Uid);
            Assert.Equal(StatusCode.LoginRequired, (await tablet.TryProfileAsync()).Failure.Code);
            Assert.Equal(StatusCode.TokenInvalid, (await tablet.TryResumeAsync(tokens[1])).Failure.Code);
            Assert.True((await laptop.TryProfileAsync()).IsOk);

            await phone.SignOutOthersAsync();
            Assert.Equal("signed_out", (await laptopPushes.NextAsync<SwiperPush.SignedOut>()).Reason);
            Assert.Equal("phone", Assert.Single(await phone.DevicesAsync()).Client);
            // Not a clean end: what was acknowledged must not need one.
            await host.KillAsync();
        }

        using var restarted = await TestHost.StartAsync(data);
        await using var again = await restarted.ConnectAsync(options => options with { ClientName = "phone 2" });
        foreach (var token in tokens[1..])
            Assert.Equal(StatusCode.TokenInvalid, (await again.TryResumeAsync(token)).Failure.Code);
        await again.ResumeAsync(tokens[0]);
        Assert.Equal("phone 2", Assert.Single(await again.DevicesAsync()).Client);
    }

    [Fact]
    public async Task The_seventeenth_login_signs_out_the_device_that_was_not_seen_for_longest()
    {
        using var data = new ScratchFolder("end-to-end");
        using var host = await TestHost.StartAsync(data, ManyLogins);
        var number = Outbox.NewPhone();
        // Some of them on one connection, which belongs to the last of them.
        await using var first = await host.ConnectAsync();
        await using var others = await host.ConnectAsync();
        await using var pushes = new PushInbox(first);
        var tokens = new List<string> { (await host.SignInAsync(first, number)).Token };
        while (tokens.Count < Most)
            tokens.Add((await host.SignInAsync(others, number)).Token);
        Assert.Equal(Most, (await first.DevicesAsync()).Count);

        tokens.Add((await host.SignInAsync(others, number)).Token);
        Assert.Equal("replaced", (await pushes.NextAsync<SwiperPush.SignedOut>()).Reason);
        Assert.Equal(Most, (await others.DevicesAsync()).Count);
        Assert.Equal(StatusCode.TokenInvalid, (await first.TryResumeAsync(tokens[0])).Failure.Code);
        foreach (var token in tokens[1..])
            Assert.True((await first.TryResumeAsync(token)).IsOk);
    }

    [Fact]
    public async Task However_many_log_in_and_sign_others_out_at_the_same_instant_nobody_is_let_in_whom_the_list_lacks()
    {
        const int Clients = 24;
        using var data = new ScratchFolder("end-to-end");
        using var host = await TestHost.StartAsync(data, ManyLogins);
        var number = Outbox.NewPhone();
        var clients = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => host.ConnectAsync()));
        var tokens = new List<string>();
        foreach (var client in clients)
            tokens.Add((await host.SignInAsync(client, number)).Token);

        await Task.WhenAll(clients.Select((client, index) => index % 3 == 0
            ? client.TrySignOutOthersAsync().AsTask()
            : client.TryResumeAsync(tokens[index]).AsTask().ContinueWith(static _ => default(Outcome<NoData>), TaskScheduler.Default)));

        var good = 0;
        await using var judge = await host.ConnectAsync();
        foreach (var token in tokens)
            good += (await judge.TryResumeAsync(token)).IsOk ? 1 : 0;
        // The first to sign out all others is the only one left; it is the one that the list has.
        Assert.Equal(1, good);
        var left = await Task.WhenAll(clients.Select(client => client.TryDevicesAsync().AsTask()));
        Assert.Single(left, outcome => outcome.IsOk);
        Assert.Single(left.Single(outcome => outcome.IsOk).Value.Devices);
        await clients.DisposeAllAsync();
    }
}
