using System.Net.Sockets;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Host.Options;

namespace Swiper.Host.Tests.Connections;

public sealed class EpollEndOfConnectionTests() : EndOfConnectionContract(TransportKind.Epoll);

public sealed class SocketsEndOfConnectionTests() : EndOfConnectionContract(TransportKind.Sockets);

/// <summary>However a connection ends, what was asked is finished and nobody else notices.</summary>
public abstract class EndOfConnectionContract(TransportKind transport) : OnATransport(transport)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_client_that_has_ended_sending_gets_all_its_replies()
    {
        const int Requests = 200;
        await using var host = await StartHostAsync("Limits:InFlight=16");
        await using var client = await host.ConnectAsync();
        await client.SendAsync((byte[])
        [
            .. Enumerable.Range(0, Requests)
                .SelectMany(id => Wire.Frame(Wire.Request((uint)id, id % 2 == 0 ? TestSlice.Gated : Opcode.Ping))),
        ]);
        client.EndSending();
        await host.Slice.ArrivedAsync(1);
        host.Slice.Open();
        var replies = await client.ReadToEndAsync();
        Assert.Equal(Enumerable.Range(0, Requests), replies.Select(reply => (int)reply.Id).Order());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_that_goes_within_a_frame_harms_nobody(bool reset)
    {
        await using var host = await StartHostAsync();
        await using var other = await host.ConnectAsync();
        for (var i = 0; i < 20; i++)
        {
            await using var client = await host.ConnectAsync();
            var frame = Wire.Frame(Wire.Request(1, Opcode.Ping));
            await client.SendAsync((byte[])[.. frame, .. frame.AsSpan(0, i % frame.Length)]);
            Assert.Equal(1u, (await client.NextAsync()).Id);
            if (reset)
                client.Reset();
            Assert.Equal(StatusCode.Ok, (await other.CallAsync(1, Opcode.Ping)).Status);
        }
    }

    [Fact]
    public async Task A_client_that_goes_while_its_request_waits_harms_nobody_and_is_forgotten()
    {
        await using var host = await StartHostAsync();
        await using var other = await host.ConnectAsync();
        await using (var client = await host.ConnectAsync())
        {
            await client.RequestAsync(1, TestSlice.SignIn);
            await client.RequestAsync(2, TestSlice.Gated);
            await host.Slice.ArrivedAsync(2);
            client.Reset();
        }
        Assert.True(host.Slice.Sessions.TryPeek(out var session));
        Assert.Equal(StatusCode.Ok, (await other.CallAsync(1, Opcode.Ping)).Status);

        // The login ends after the connection; the session must not stay signed in.
        host.Slice.Open();
        await host.Slice.SignedIn.WaitAsync(TimeSpan.FromSeconds(30), Cancelled);
        await Eventually.HoldsAsync(async () =>
        {
            Assert.Equal(StatusCode.Ok, (await other.CallAsync(1, Opcode.Ping)).Status);
            return !session.IsSignedIn;
        }, "the session to end");
    }

    [Fact]
    public async Task A_graceful_stop_tells_clients_finishes_what_is_under_way_and_closes()
    {
        await using var host = await StartHostAsync("Tls:Enabled=true", "Limits:Drain=00:01:00");
        await using var idle = await host.ConnectAsync();
        await using var busy = await host.ConnectAsync();
        Assert.Equal(StatusCode.Ok, (await idle.CallAsync(1, Opcode.Ping)).Status);
        await busy.RequestAsync(7, TestSlice.Gated);
        await host.Slice.ArrivedAsync(1);
        var endpoint = host.Tcp;

        var stopped = host.StopAsync();
        foreach (var client in new[] { idle, busy })
        {
            var push = await client.NextAsync();
            Assert.Equal((Envelope.PushType, (uint)Opcode.Draining), (push.Type, push.Id));
            var fields = new FieldReader(push.Content);
            Assert.True(DrainingPush.Read(ref fields).ReconnectAfterMs > 0);
        }
        Assert.Equal((uint)Opcode.Drained, (await idle.NextAsync()).Id);
        Assert.Null(await idle.ReadAsync());
        Assert.False(stopped.IsCompleted);
        await Assert.ThrowsAnyAsync<SocketException>(() => TestClient.ConnectAsync(endpoint));

        host.Slice.Open();
        Assert.Equal((7u, StatusCode.Ok), ((await busy.NextAsync()) is var reply ? (reply.Id, reply.Status) : default));
        Assert.Equal((uint)Opcode.Drained, (await busy.NextAsync()).Id);
        Assert.Null(await busy.ReadAsync());
        await stopped.WaitAsync(TimeSpan.FromSeconds(30), Cancelled);
    }

    [Fact]
    public async Task A_stop_does_not_wait_longer_than_the_drain_limit()
    {
        await using var host = await StartHostAsync("Limits:Drain=00:00:05");
        await using var client = await host.ConnectAsync();
        await client.RequestAsync(1, TestSlice.Gated);
        await host.Slice.ArrivedAsync(1);
        var stopped = host.StopAsync();
        Assert.Equal((uint)Opcode.Draining, (await client.NextAsync()).Id);
        Assert.Null(await client.ReadAsync());
        host.Slice.Open();
        await stopped.WaitAsync(TimeSpan.FromSeconds(30), Cancelled);
    }
}
