using Swiper.Client.Tests.Requests;
using Swiper.Core.Protocol;

namespace Swiper.Client.Tests.Connections;

/// <summary>What happens before there ever was a connection.</summary>
public sealed class FirstConnectionTests : IDisposable
{
    private static readonly TimeSpan Ages = TimeSpan.FromHours(12);

    private readonly FakeServer _server = new();

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task It_is_tried_again_for_as_long_as_the_app_wishes()
    {
        var connecting = SwiperClient.ConnectAsync(_server.Options with { KeepConnectingFor = Ages });
        for (var refused = 0; refused < 3; refused++)
            (await _server.AcceptRawAsync()).Dispose();
        using var server = await _server.AcceptAsync();

        await using var client = await connecting.Soon();
        await PipeliningTests.AssertUsableAsync(client, server);
    }

    [Fact]
    public async Task By_default_it_is_tried_once()
    {
        var connecting = SwiperClient.ConnectAsync(_server.Options);
        (await _server.AcceptRawAsync()).Dispose();

        await Assert.ThrowsAsync<SwiperConnectionException>(() => connecting.Soon());
    }

    [Fact]
    public async Task A_wait_that_would_take_too_long_is_not_begun()
    {
        var connecting = SwiperClient.ConnectAsync(_server.Options with
        {
            KeepConnectingFor = TimeSpan.FromHours(1),
            ReconnectDelay = Ages,
            MaxReconnectDelay = Ages,
        });
        (await _server.AcceptRawAsync()).Dispose();

        await Assert.ThrowsAsync<SwiperConnectionException>(() => connecting.Soon());
    }

    [Fact]
    public async Task It_can_be_cancelled_while_it_waits()
    {
        using var lines = new LogLines();
        using var cancellation = new CancellationTokenSource();
        var connecting = SwiperClient.ConnectAsync(
            _server.Options with { KeepConnectingFor = 2 * Ages, ReconnectDelay = Ages, MaxReconnectDelay = Ages, LoggerFactory = lines },
            cancellation.Token);
        (await _server.AcceptRawAsync()).Dispose();
        await lines.NextAsync(9002);
        Assert.False(connecting.IsCompleted);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting.Soon());
    }

    [Fact]
    public async Task A_server_that_does_not_want_this_client_is_not_asked_again()
    {
        var connecting = SwiperClient.ConnectAsync(_server.Options with { KeepConnectingFor = Ages });
        using var server = await _server.AcceptRawAsync();
        await server.FailAsync((await server.ReadAsync(Opcode.Hello)).Id, StatusCode.BadParams, "protocol: this server supports 2");

        Assert.Equal(StatusCode.BadParams, (await Assert.ThrowsAsync<SwiperException>(() => connecting.Soon())).Code);
    }

    [Fact]
    public async Task A_server_that_asks_for_patience_is_asked_again()
    {
        var connecting = SwiperClient.ConnectAsync(_server.Options with { KeepConnectingFor = Ages });
        using (var busy = await _server.AcceptRawAsync())
            await busy.FailAsync((await busy.ReadAsync(Opcode.Hello)).Id, StatusCode.Throttled, 20);
        using var server = await _server.AcceptAsync();

        await using var client = await connecting.Soon();
    }

    [Fact]
    public async Task A_server_that_asks_for_more_patience_than_the_app_has_is_not()
    {
        var connecting = SwiperClient.ConnectAsync(_server.Options with { KeepConnectingFor = TimeSpan.FromHours(1) });
        using var busy = await _server.AcceptRawAsync();
        await busy.FailAsync((await busy.ReadAsync(Opcode.Hello)).Id, StatusCode.Throttled, (int)Ages.TotalMilliseconds);

        Assert.Equal(Ages, (await Assert.ThrowsAsync<SwiperException>(() => connecting.Soon())).RetryAfter);
    }

    [Fact]
    public async Task A_client_that_was_only_started_sends_what_it_is_asked_once_it_is_connected()
    {
        await using var client = SwiperClient.Start(_server.Options);
        var asked = client.PingAsync();
        Assert.Equal(ConnectionState.Connecting, client.State);

        (await _server.AcceptRawAsync()).Dispose();
        using var server = await _server.AcceptAsync();
        await server.ReplyAsync((await server.ReadAsync(Opcode.Ping)).Id, 7);

        Assert.Equal(7, (await asked.Soon()).Now);
        Assert.Equal(ConnectionState.Connected, client.State);
    }

    [Fact]
    public async Task A_client_that_was_only_started_says_why_it_is_not_connected_and_can_be_closed()
    {
        var client = SwiperClient.Start(_server.Options with { ReconnectDelay = Ages, MaxReconnectDelay = Ages });
        var states = ReconnectTests.Observe(client);
        var waiting = client.PingAsync();
        (await _server.AcceptRawAsync()).Dispose();

        var change = await states.ReadAsync().Soon();
        Assert.Equal(ConnectionState.Connecting, change.State);
        Assert.IsType<SwiperConnectionException>(change.Reason);

        await client.DisposeAsync().Soon();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting.Soon());
    }
}
