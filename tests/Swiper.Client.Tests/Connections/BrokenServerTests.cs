using System.Net;
using System.Net.Sockets;
using System.Text;
using Swiper.Core.Protocol;

namespace Swiper.Client.Tests.Connections;

public sealed class BrokenServerTests : IDisposable
{
    private readonly FakeServer _server = new();

    public void Dispose() => _server.Dispose();

    public static TheoryData<string, byte[]> Garbage => new()
    {
        { "larger than", "HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray() },
        { "larger than", Frames.Prefix(0) },
        { "larger than", Frames.Prefix(2_000_000) },
        { "neither a reply nor a push", [0, 0, 0, 1, 0xc1] },
        { "neither a reply nor a push", [0, 0, 0, 5, 0xdd, 0xff, 0xff, 0xff, 0xff] },
        { "neither a reply nor a push", Frames.Of(0, 1, 2, Array.Empty<object?>()) },
        { "neither a reply nor a push", Frames.Of(1, 1, 0) },
        { "neither a reply nor a push", Frames.Of(1, -1, 0, Array.Empty<object?>()) },
        { "bad Matched push", Frames.Of(2, 701, 1, new object?[] { "somebody", 1 }) },
        { "bad Matched push", Frames.Of(2, 701, 1, new object?[] { 1, long.MaxValue }) },
        { "rejected this client: not a frame", Frames.Of(1, 0, 1006, new object?[] { "not a frame" }) },
    };

    [Theory]
    [MemberData(nameof(Garbage))]
    public async Task Garbage_ends_the_connection_and_says_so(string says, byte[] garbage)
    {
        var (client, server) = await _server.ConnectAsync(options => options with { Reconnect = false });
        await using var _ = client;
        using var __ = server;

        var asked = client.PingAsync();
        await server.ReadAsync();
        await server.SendAsync(garbage);

        var lost = await Assert.ThrowsAsync<SwiperConnectionLostException>(() => asked.Soon());
        Assert.Contains(says, lost.Message);
        Assert.IsType<SwiperProtocolException>(lost.InnerException);
        Assert.True(await server.IsClosedAsync());
    }

    [Theory]
    [InlineData(false, "the server closed the connection")]
    [InlineData(true, "in the middle of a frame")]
    public async Task A_close_fails_what_was_asked(bool midway, string says)
    {
        var (client, server) = await _server.ConnectAsync(options => options with { Reconnect = false });
        await using var _ = client;

        var asked = client.PingAsync();
        var request = await server.ReadAsync();
        if (midway)
            await server.SendAsync(Frames.Of(1, (long)request.Id, 0, new object?[] { 1 })[..^1]);
        server.Dispose();

        Assert.Contains(says, (await Assert.ThrowsAsync<SwiperConnectionLostException>(() => asked.Soon())).Message);
    }

    [Fact]
    public async Task A_reset_fails_what_was_asked_and_all_that_follows()
    {
        var (client, server) = await _server.ConnectAsync(options => options with { Reconnect = false });
        await using var _ = client;
        var closed = new TaskCompletionSource<ConnectionStateChange>();
        client.StateChanged += (_, change) => closed.TrySetResult(change);

        var asked = client.PingAsync();
        await server.ReadAsync();
        server.Reset();

        await Assert.ThrowsAsync<SwiperConnectionLostException>(() => asked.Soon());
        var change = await closed.Task.Soon();
        Assert.Equal(ConnectionState.Closed, change.State);
        Assert.IsType<SwiperConnectionException>(change.Reason);
        Assert.Contains("does not reconnect",
            (await Assert.ThrowsAsync<SwiperConnectionException>(() => client.PingAsync().Soon())).Message);
    }

    [Fact]
    public async Task Nobody_there_is_said_plainly()
    {
        // Bound, so that nobody else can take the port, but not listening.
        using var bound = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        bound.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)bound.LocalEndPoint!).Port;

        var failed = await Assert.ThrowsAsync<SwiperConnectionException>(
            () => SwiperClient.ConnectAsync(new SwiperClientOptions { Host = "127.0.0.1", Port = port, UseTls = false }).Soon());

        Assert.Contains($"cannot connect to 127.0.0.1:{port}", failed.Message);
    }

    [Fact]
    public async Task A_server_that_takes_the_connection_and_is_silent_is_not_waited_for_long()
    {
        var connecting = SwiperClient.ConnectAsync(_server.Options with { ConnectTimeout = TimeSpan.FromMilliseconds(200) });

        Assert.Contains("did not answer within 0.2 s",
            (await Assert.ThrowsAsync<SwiperConnectionException>(() => connecting.Soon())).Message);
    }

    [Fact]
    public async Task A_server_that_speaks_something_else_is_not_taken_for_one()
    {
        var connecting = SwiperClient.ConnectAsync(_server.Options);
        using var server = await _server.AcceptRawAsync();
        await server.SendAsync(Encoding.ASCII.GetBytes("SSH-2.0-OpenSSH_9.2\r\n"));

        Assert.IsType<SwiperProtocolException>((await Assert.ThrowsAsync<SwiperConnectionException>(() => connecting.Soon()))
            .InnerException);
    }

    [Fact]
    public async Task A_server_without_tls_is_not_taken_for_one_with()
    {
        var connecting = SwiperClient.ConnectAsync(_server.Options with { UseTls = true });
        using var server = await _server.AcceptRawAsync();
        await server.SendAsync(Encoding.ASCII.GetBytes("SSH-2.0-OpenSSH_9.2\r\n"));

        Assert.Contains("TLS", (await Assert.ThrowsAsync<SwiperConnectionException>(() => connecting.Soon())).Message);
    }

    [Fact]
    public async Task A_server_of_another_protocol_version_refuses()
    {
        var connecting = SwiperClient.ConnectAsync(_server.Options);
        using var server = await _server.AcceptRawAsync();
        await server.FailAsync((await server.ReadAsync(Opcode.Hello)).Id, StatusCode.BadParams, "protocol: this server supports 2");

        Assert.Equal(StatusCode.BadParams, (await Assert.ThrowsAsync<SwiperException>(() => connecting.Soon())).Code);
    }

    [Fact]
    public async Task Connecting_can_be_cancelled()
    {
        using var cancellation = new CancellationTokenSource();
        var connecting = SwiperClient.ConnectAsync(_server.Options, cancellation.Token);
        using var server = await _server.AcceptRawAsync();
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting.Soon());
    }

    [Fact]
    public async Task Disposing_fails_what_was_asked_and_closes_the_connection()
    {
        var (client, server) = await _server.ConnectAsync();
        using var _ = server;
        var asked = client.PingAsync();
        await server.ReadAsync();

        await client.DisposeAsync().Soon();
        await client.DisposeAsync().Soon();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => asked.Soon());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.PingAsync().Soon());
        Assert.True(await server.IsClosedAsync());
        Assert.Equal(ConnectionState.Closed, client.State);
    }
}
