using Microsoft.Extensions.DependencyInjection;
using Swiper.Core.Accounts;
using Swiper.Core.Diagnostics;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;

namespace Swiper.Host.Tests.Accounts;

/// <summary>The list of devices, and signing them out, on the whole server.</summary>
public sealed class DevicesTests
{
    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());

    [Theory]
    [InlineData("Swiper for Phones 1.0", "Swiper for Phones 1.0")]
    [InlineData("  🐻 \t", "🐻")]
    [InlineData("", "")]
    [InlineData("   ", "")]
    [InlineData("two\nlines", "")]
    [InlineData("evil\u202Etxt", "")]
    [InlineData("\u200B", "")]
    public async Task A_device_is_shown_with_the_name_of_its_app_if_that_can_be_shown(string said, string shown)
    {
        await using var host = await StartAsync();
        var (_, token) = await new People(host, _clock).NewAsync();
        await using var client = await host.ConnectAsync();
        Assert.Equal(StatusCode.Ok, (await HelloAsync(client, said)).Status);
        await client.ResumeAsync(token);
        var now = _clock.NowMs();
        var device = Assert.Single(await ReadAsync(client));
        Assert.Equal((shown, now, now, true), (device.Client, device.Created, device.LastSeen, device.Current));
    }

    [Fact]
    public async Task A_name_may_have_a_hundred_bytes_and_an_app_that_says_none_keeps_the_one_it_had()
    {
        await using var host = await StartAsync();
        var (_, token) = await new People(host, _clock).NewAsync();
        await using var client = await host.ConnectAsync();
        Assert.Equal(StatusCode.BadParams, (await HelloAsync(client, new string('x', 101))).Status);
        await client.ResumeAsync(token);
        Assert.Equal("", Assert.Single(await ReadAsync(client)).Client);

        foreach (var name in new[] { new string('x', 99), new string('x', 100) })
        {
            Assert.Equal(StatusCode.Ok, (await HelloAsync(client, name)).Status);
            await client.ResumeAsync(token);
            Assert.Equal(name, Assert.Single(await ReadAsync(client)).Client);
        }

        await using var silent = await host.ConnectAsync();
        await silent.ResumeAsync(token);
        Assert.Equal(new string('x', 100), Assert.Single(await ReadAsync(silent)).Client);
    }

    [Fact]
    public async Task Who_signs_this_device_out_is_told_so_before_the_reply_and_is_anonymous_then()
    {
        await using var host = await StartAsync();
        var (_, token) = await new People(host, _clock).NewAsync();
        await using var client = await host.ConnectAsync();
        await client.ResumeAsync(token);
        var device = Assert.Single(await ReadAsync(client));

        await client.RequestAsync(3, Opcode.SignOut, (ref args) => new SignOutRequest(device.DeviceId).Write(ref args));
        var push = await client.NextAsync();
        Assert.Equal(((uint)Opcode.SignedOut, 0L, SignedOutPush.SignedOut), (push.Id, push.Code, push.Message));
        Assert.Equal((3u, StatusCode.Ok), (await client.NextAsync()) is var reply ? (reply.Id, reply.Status) : default);
        Assert.Equal(StatusCode.LoginRequired, (await client.CallAsync(4, Opcode.Devices)).Status);
        Assert.Equal(StatusCode.LoginRequired, (await client.CallAsync(5, Opcode.SignOut)).Status);
        await client.RequestAsync(6, Opcode.Resume, (ref args) => new ResumeRequest(token).Write(ref args));
        Assert.Equal(StatusCode.TokenInvalid, (await client.NextAsync()).Status);
    }

    [Theory]
    [InlineData("text")]
    [InlineData(true)]
    [InlineData(1.5)]
    public async Task What_is_no_id_of_a_device_is_refused_by_name_and_signs_nobody_out(object deviceId)
    {
        await using var host = await StartAsync();
        var (_, token) = await new People(host, _clock).NewAsync();
        await using var client = await host.ConnectAsync();
        await client.ResumeAsync(token);
        var refused = await client.CallAsync(3, Opcode.SignOut, (ref args) =>
        {
            args.WriteArrayHeader(1);
            if (deviceId is string text)
                args.WriteString(text);
            else if (deviceId is bool truth)
                args.WriteBoolean(truth);
            else
                args.WriteDouble((double)deviceId);
        });
        Assert.Equal((StatusCode.BadParams, "device_id: expected an integer"), (refused.Status, refused.Message));
        Assert.Single(await ReadAsync(client));
    }

    private Task<TestHost> StartAsync() => TestHost.StartAsync(services => services.AddSingleton<TimeProvider>(_clock));

    private static Task<ServerFrame> HelloAsync(TestClient client, string name) =>
        client.CallAsync(1, Opcode.Hello, (ref args) => new HelloRequest(1, name).Write(ref args));

    private static async Task<IReadOnlyList<SignedInDevice>> ReadAsync(TestClient client) =>
        Resuming.Read<DevicesReply>(await client.CallAsync(2, Opcode.Devices)).Devices;
}
