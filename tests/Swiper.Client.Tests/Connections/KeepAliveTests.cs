using Swiper.Core.Protocol;

namespace Swiper.Client.Tests.Connections;

/// <summary>Pings of a quiet connection, and what their answers or the want of them lead to.</summary>
public sealed class KeepAliveTests : IDisposable
{
    private readonly FakeServer _server = new();

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task A_quiet_connection_is_kept_alive()
    {
        var (client, server) = await _server.ConnectAsync(options => options with { PingInterval = TimeSpan.FromMilliseconds(50) });
        await using var _ = client;
        using var __ = server;

        for (var ping = 0; ping < 3; ping++)
            await server.ReplyAsync((await server.ReadAsync(Opcode.Ping)).Id, ping);
    }

    [Fact]
    public async Task A_connection_that_is_dead_is_given_up()
    {
        var (client, first) = await _server.ConnectAsync(options =>
            options with { PingInterval = TimeSpan.FromMilliseconds(50), RequestTimeout = TimeSpan.FromMilliseconds(100) });
        await using var _ = client;
        var connections = new List<FakeConnection> { first };
        var accepting = AcceptAllAsync();
        var states = ReconnectTests.Observe(client);

        // The first may have been given up before the test could see it; those after it answer no ping either.
        var change = await states.ReadAsync().Soon();
        if (change.State == ConnectionState.Connected)
            change = await states.ReadAsync().Soon();
        Assert.Contains("did not answer a ping", change.Reason!.Message);
        Assert.Equal(ConnectionState.Connected, (await states.ReadAsync().Soon()).State);

        _server.Dispose();
        await Assert.ThrowsAnyAsync<Exception>(() => accepting.Soon());
        connections.ForEach(connection => connection.Dispose());

        async Task AcceptAllAsync()
        {
            while (true)
                connections.Add(await _server.AcceptAsync());
        }
    }

    [Fact]
    public async Task A_connection_whose_answer_to_a_ping_cannot_be_read_is_given_up()
    {
        var (client, server) = await _server.ConnectAsync(options => options with { PingInterval = TimeSpan.FromMilliseconds(50) });
        await using var _ = client;
        using var __ = server;
        var states = ReconnectTests.Observe(client);

        await server.ReplyAsync((await server.ReadAsync(Opcode.Ping)).Id, "now");

        Assert.IsType<SwiperProtocolException>((await states.ReadAsync().Soon()).Reason);
        Assert.True(await server.IsClosedAsync());
        using var again = await _server.AcceptAsync();
    }
}
