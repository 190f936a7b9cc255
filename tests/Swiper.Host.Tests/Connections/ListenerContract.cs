using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Swiper.Core.Diagnostics;
using Swiper.Core.Protocol;
using Swiper.Host.Options;

namespace Swiper.Host.Tests.Connections;

public sealed class EpollListenerTests() : ListenerContract(TransportKind.Epoll);

public sealed class SocketsListenerTests() : ListenerContract(TransportKind.Sockets);

public abstract class ListenerContract(TransportKind transport) : OnATransport(transport)
{
    [Fact]
    public async Task Frames_are_answered_over_raw_TCP()
    {
        await using var host = await StartHostAsync("Limits:MaxFrame=1234", "Limits:InFlight=56");
        await using var client = await host.ConnectAsync();
        await AssertAnswers(client);
    }

    [Fact]
    public async Task Frames_that_arrive_byte_by_byte_are_answered()
    {
        await using var host = await StartHostAsync();
        await using var client = await host.ConnectAsync();
        foreach (var one in Wire.Frame(Wire.Request(1, Opcode.Ping)))
            await client.SendAsync((byte[])[one]);
        Assert.Equal((1u, StatusCode.Ok), Code(await client.NextAsync()));
    }

    [Fact]
    public async Task Frames_are_answered_over_TLS_with_our_protocol_name()
    {
        await using var host = await StartHostAsync("Tls:Enabled=true", "Limits:MaxFrame=1234", "Limits:InFlight=56");
        SslStream? tls = null;
        await using var client =
            await TestClient.ConnectAsync(host.Tls, async stream => tls = await TestClient.HandshakeAsync(stream, "swiper/1"));
        Assert.Equal("swiper/1", tls!.NegotiatedApplicationProtocol.ToString());
        Assert.True(tls.SslProtocol is SslProtocols.Tls12 or SslProtocols.Tls13);
        await AssertAnswers(client);

        await using var withoutName = await TestClient.ConnectAsync(host.Tls, async stream => await TestClient.HandshakeAsync(stream));
        await AssertAnswers(withoutName);
    }

    [Fact]
    public async Task A_client_of_TLS_that_speaks_another_protocol_is_refused()
    {
        await using var host = await StartHostAsync("Tls:Enabled=true");
        await Assert.ThrowsAsync<AuthenticationException>(() =>
            TestClient.ConnectAsync(host.Tls, async stream => await TestClient.HandshakeAsync(stream, "h2")));
    }

    [Fact]
    public async Task A_handshake_that_is_never_finished_is_cut_off()
    {
        await using var host = await StartHostAsync("Tls:Enabled=true", "Tls:HandshakeTimeout=00:00:00.2");
        await using var client = await TestClient.ConnectAsync(host.Tls);
        await client.TrySendAsync((byte[])[0x16, 0x03, 0x01, 0x02]);
        Assert.Empty(await client.ReadToEndAsync());
    }

    [Fact]
    public async Task Connections_above_the_limit_are_closed_until_others_have_gone()
    {
        await using var host = await StartHostAsync("Limits:Connections=2");
        await using var first = await host.ConnectAsync();
        await using var second = await host.ConnectAsync();
        Assert.Equal(StatusCode.Ok, (await first.CallAsync(1, Opcode.Ping)).Status);
        Assert.Equal(StatusCode.Ok, (await second.CallAsync(1, Opcode.Ping)).Status);
        await using (var third = await host.ConnectAsync())
            Assert.Null(await third.ReadAsync());
        Assert.Equal(StatusCode.Ok, (await first.CallAsync(2, Opcode.Ping)).Status);

        // The server learns a moment later that the first has gone.
        await first.DisposeAsync();
        await Eventually.HoldsAsync(async () =>
        {
            await using var next = await host.ConnectAsync();
            try
            {
                await next.RequestAsync(1, Opcode.Ping);
                return await next.ReadAsync() is not null;
            }
            catch (IOException exception) when (exception.InnerException is SocketException)
            {
                return false;
            }
        }, "a place for the next client");
    }

    [Fact]
    public async Task The_limit_is_one_for_all_ports_together()
    {
        await using var host = await StartHostAsync("Tls:Enabled=true", "Limits:Connections=2");
        await using var plain = await host.ConnectAsync();
        Assert.Equal(StatusCode.Ok, (await plain.CallAsync(1, Opcode.Ping)).Status);
        await using var tls = await TestClient.ConnectAsync(host.Tls, async stream => await TestClient.HandshakeAsync(stream));
        Assert.Equal(StatusCode.Ok, (await tls.CallAsync(1, Opcode.Ping)).Status);

        await using var third = await host.ConnectAsync();
        Assert.Null(await third.ReadAsync());
        await using var fourth = await TestClient.ConnectAsync(host.Tls);
        Assert.Null(await fourth.ReadAsync());
    }

    [Fact]
    public async Task An_address_has_no_more_connections_than_its_share_and_another_has_its_own()
    {
        await using var host = await StartHostAsync("Limits:CountLoopback=true", "Limits:ConnectionsPerAddress=2");
        await using var first = await host.ConnectAsync();
        await using var second = await host.ConnectAsync();
        Assert.Equal(StatusCode.Ok, (await first.CallAsync(1, Opcode.Ping)).Status);
        Assert.Equal(StatusCode.Ok, (await second.CallAsync(1, Opcode.Ping)).Status);
        await using var third = await host.ConnectAsync();
        Assert.Null(await third.ReadAsync());

        Assert.SkipUnless(OperatingSystem.IsLinux(), "elsewhere the loopback network has one address");
        await using var other = await TestClient.ConnectAsync(host.Tcp, from: IPAddress.Parse("127.0.0.2"));
        Assert.Equal(StatusCode.Ok, (await other.CallAsync(1, Opcode.Ping)).Status);
    }

    private static async Task AssertAnswers(TestClient client)
    {
        var hello = await client.CallAsync(1, Opcode.Hello, (ref args) => new HelloRequest(1, "test").Write(ref args));
        var fields = new FieldReader(hello.Content);
        var limits = HelloReply.Read(ref fields);
        Assert.Equal((1u, StatusCode.Ok, 1234, 56), (hello.Id, hello.Status, limits.MaxFrame, limits.MaxInFlight));

        var echo = await client.CallAsync(2, Opcode.Echo, (ref args) => args.WriteRaw([0x92, 0x01, 0xa1, 0x78]));
        Assert.Equal((2u, StatusCode.Ok), Code(echo));
        Assert.Equal([0x92, 0x01, 0xa1, 0x78], echo.Content);
        Assert.Equal((3u, StatusCode.LoginRequired), Code(await client.CallAsync(3, Opcode.Deck)));
    }

    private static (uint Id, StatusCode Code) Code(ServerFrame reply) => (reply.Id, reply.Status);
}
