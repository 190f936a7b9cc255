using Swiper.Core.Protocol;

namespace Swiper.Client.Tests.Connections;

public sealed class ClientLogTests : IDisposable
{
    private readonly FakeServer _server = new();
    private readonly LogLines _lines = new();

    public void Dispose()
    {
        _server.Dispose();
        _lines.Dispose();
    }

    [Fact]
    public async Task A_connection_that_is_lost_and_comes_back_is_told()
    {
        var (client, server) = await _server.ConnectAsync(options => options with { LoggerFactory = _lines });
        await using var _ = client;
        Assert.Equal($"Information: Connected to {_server.Endpoint}: fake/1, node 0", await _lines.NextAsync(9000));

        server.Dispose();
        Assert.StartsWith($"Warning: Lost the connection to {_server.Endpoint}, reconnecting: ", await _lines.NextAsync(9001));
        (await _server.AcceptRawAsync()).Dispose();
        Assert.StartsWith($"Warning: Could not connect to {_server.Endpoint}: ", await _lines.NextAsync(9002));
        using var again = await _server.AcceptAsync();
        await _lines.NextAsync(9000);
    }

    [Fact]
    public async Task A_connection_that_is_lost_for_good_is_an_error()
    {
        var (client, server) = await _server.ConnectAsync(options => options with { LoggerFactory = _lines, Reconnect = false });
        await using var _ = client;

        server.Dispose();

        Assert.StartsWith("Error: Lost the connection, and reconnecting is off: ", await _lines.NextAsync(9003));
    }

    [Fact]
    public async Task Who_is_signed_out_is_told_by_uid_and_no_secret_is()
    {
        var (client, server) = await _server.ConnectAsync(options => options with { LoggerFactory = _lines });
        await using var _ = client;
        var asked = client.LogInAsync("+15550001111", "123456");
        await server.ReplyAsync((await server.ReadAsync(Opcode.Login)).Id, 100, "s3cr3t", 2_000_000_000_000, true, 0);
        await asked.Soon();

        server.Dispose();
        using var again = await _server.AcceptAsync();
        await again.FailAsync((await again.ReadAsync(Opcode.Resume)).Id, StatusCode.TokenInvalid, "log in again");

        Assert.Equal("Warning: The server signed out user 100: log in again", await _lines.NextAsync(9004));
        Assert.DoesNotContain(_lines.All, line => line.Contains("s3cr3t") || line.Contains("5550001111") || line.Contains("123456"));
    }

    [Fact]
    public async Task A_push_that_signs_out_is_told()
    {
        var (client, server) = await _server.ConnectAsync(options => options with { LoggerFactory = _lines });
        await using var _ = client;
        using var __ = server;

        await server.PushAsync(Opcode.SignedOut, 0, "logout");

        Assert.EndsWith(": logout", await _lines.NextAsync(9004));
    }
}
