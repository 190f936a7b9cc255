using Microsoft.Extensions.DependencyInjection;
using Swiper.Core.Protocol;
using Swiper.Host.Options;

namespace Swiper.Host.Tests.Connections;

public sealed class EpollPaceTests() : PaceContract(TransportKind.Epoll);

public sealed class SocketsPaceTests() : PaceContract(TransportKind.Sockets);

/// <summary>A connection that asks for more than its pace is served later, and loses nothing.</summary>
public abstract class PaceContract(TransportKind transport) : OnATransport(transport)
{
    private const int PerSecond = 1000;

    // Nobody is signed in; those of one read are served together.
    private const int AtOnce = PerSecond / 10;
    private const int OneRead = 128;

    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow);

    [Fact]
    public async Task Beyond_a_seconds_worth_a_connection_is_served_as_time_goes_by_and_others_at_once()
    {
        const uint Asked = 1000;
        await using var host = await StartHostAsync(services => services.AddSingleton<TimeProvider>(_clock), $"Limits:Pace={PerSecond}");
        await using var flood = await host.ConnectAsync();
        await using var other = await host.ConnectAsync();
        byte[] pings = [.. Enumerable.Range(1, (int)Asked).SelectMany(id => Wire.Frame(Wire.Request((uint)id, Opcode.Ping)))];

        await flood.SendAsync(pings);
        for (uint id = 1; id <= AtOnce; id++)
            Assert.Equal((id, StatusCode.Ok), (await flood.NextAsync()) is var reply ? (reply.Id, reply.Status) : default);
        for (uint id = 1; id <= AtOnce; id++)
            Assert.Equal(StatusCode.Ok, (await other.CallAsync(id, Opcode.Ping)).Status);

        // What has come so far is what one second allows, and the rest of a read.
        var rest = flood.NextAsync();
        var answered = AtOnce;
        while (answered < Asked)
        {
            if (!rest.IsCompleted)
                _clock.Advance(TimeSpan.FromMilliseconds(50));
            await Task.WhenAny(rest, Task.Delay(1, TestContext.Current.CancellationToken));
            if (!rest.IsCompleted)
                continue;
            Assert.Equal((uint)++answered, (await rest).Id);
            if (answered < Asked)
                rest = flood.NextAsync();
        }

        var passed = _clock.GetUtcNow() - _clock.Start;
        Assert.True(passed >= TimeSpan.FromSeconds((Asked - AtOnce - OneRead) / (double)AtOnce), $"all were answered within {passed}");
    }

    [Fact]
    public async Task Who_drips_bytes_waits_and_who_sends_a_length_apart_from_the_rest_does_not()
    {
        await using var host = await StartHostAsync(services => services.AddSingleton<TimeProvider>(_clock), $"Limits:Pace={PerSecond}");
        await using var apart = await host.ConnectAsync();
        // The clock stands still: whoever waits does so for good.
        var ping = Wire.Frame(Wire.Request(1, Opcode.Ping));
        for (var round = 0; round < AtOnce / 4; round++)
        {
            await apart.SendAsync(ping.AsMemory(0, FrameReader.LengthPrefix));
            await OthersAreServedAsync(host);
            await apart.SendAsync(ping.AsMemory(FrameReader.LengthPrefix));
            Assert.Equal(StatusCode.Ok, (await apart.NextAsync()).Status);
        }

        // Fewer reads than frames are served at once.
        await using var dripping = await host.ConnectAsync();
        var echo = Wire.Frame(Wire.Request(1, Opcode.Echo, (ref writer) =>
        {
            writer.WriteArrayHeader(1);
            writer.WriteBinary(new byte[AtOnce * 3 / 4]);
        }));
        Assert.InRange(echo.Length, 3, AtOnce - 1);
        foreach (var single in echo)
        {
            await dripping.SendAsync(new[] { single });
            await OthersAreServedAsync(host);
        }
        var reply = dripping.NextAsync();
        Assert.False(reply.IsCompleted);
        while (!reply.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(50));
            await Task.WhenAny(reply, Task.Delay(1, TestContext.Current.CancellationToken));
        }
        Assert.Equal(StatusCode.Ok, (await reply).Status);
        Assert.True(_clock.GetUtcNow() > _clock.Start);
    }

    private static async Task OthersAreServedAsync(TestHost host)
    {
        await using var other = await host.ConnectAsync();
        Assert.Equal(StatusCode.Ok, (await other.CallAsync(1, Opcode.Ping)).Status);
    }

    [Fact]
    public async Task A_host_that_stops_waits_for_no_pace()
    {
        await using var host = await StartHostAsync(services => services.AddSingleton<TimeProvider>(_clock), $"Limits:Pace={PerSecond}");
        await using var flood = await host.ConnectAsync();
        await flood.SendAsync(Enumerable.Range(1, OneRead).SelectMany(id => Wire.Frame(Wire.Request((uint)id, Opcode.Ping))).ToArray());
        for (var id = 0; id < OneRead; id++)
            await flood.NextAsync();

        // The clock stands still, so its pace is never over.
        var stopping = host.StopAsync();

        Assert.Equal((uint)Opcode.Draining, (await flood.NextAsync()).Id);
        flood.EndSending();
        await stopping;
    }
}
