using System.Net;
using System.Net.Sockets;
using Swiper.Client.Connections;
using Swiper.Client.Tests.Requests;
using Swiper.Core.Protocol;

namespace Swiper.Client.Tests.Connections;

/// <summary>Several servers: which is tried when.</summary>
public sealed class EndpointTests : IDisposable
{
    private readonly FakeServer _first = new();
    private readonly FakeServer _second = new();

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
    }

    [Fact]
    public async Task A_server_that_can_not_be_reached_is_passed_over()
    {
        // Mostly dead ones, because a client may begin with any.
        using var nobody = new NobodyThere();
        var endpoints = Enumerable.Repeat(nobody.Endpoint, 9).Append(_first.Endpoint).ToList();
        for (var number = 0; number < 5; number++)
        {
            var accepting = _first.AcceptAsync();
            await using var client = await SwiperClient.ConnectAsync(_first.Options with { Endpoints = endpoints }).Soon();
            using var server = await accepting;
            await PipeliningTests.AssertUsableAsync(client, server);
        }
    }

    [Fact]
    public async Task Where_none_can_be_reached_each_is_named()
    {
        using var one = new NobodyThere();
        using var other = new NobodyThere();

        var failed = await Assert.ThrowsAsync<SwiperConnectionException>(
            () => SwiperClient.ConnectAsync(_first.Options with { Endpoints = [one.Endpoint, other.Endpoint] }).Soon());

        Assert.Contains($"cannot connect to {one.Endpoint}", failed.Message);
        Assert.Contains($"cannot connect to {other.Endpoint}", failed.Message);
    }

    [Fact]
    public async Task A_client_whose_server_dies_goes_to_the_other_and_is_signed_in_there()
    {
        var (client, lost, _, other) = await ConnectToAnyAsync();
        await using var __ = client;
        await SignInAsync(client, lost);

        lost.Dispose();
        using var again = await other;
        var resume = await again.ReadAsync(Opcode.Resume);
        Assert.Equal("token", resume.Read((ref fields) => fields.String("token", 100)));
        await again.ReplyAsync(resume.Id, 100, 2_000_000_000_000, 0);

        await PipeliningTests.AssertUsableAsync(client, again);
        Assert.Equal(100, client.Uid);
    }

    [Fact]
    public async Task A_server_without_its_store_is_left_for_the_other()
    {
        var (client, lost, first, other) = await ConnectToAnyAsync();
        await using var _ = client;
        await SignInAsync(client, lost);

        lost.Dispose();
        using (var refusing = await other)
            await refusing.FailAsync((await refusing.ReadAsync(Opcode.Resume)).Id, StatusCode.Unavailable, "a store is not available");
        using var again = await first.AcceptAsync();
        await again.ReplyAsync((await again.ReadAsync(Opcode.Resume)).Id, 100, 2_000_000_000_000, 0);

        await PipeliningTests.AssertUsableAsync(client, again);
    }

    [Fact]
    public void Each_server_has_its_turn_before_one_is_tried_again()
    {
        SwiperEndpoint[] endpoints = [new("a", 1), new("b", 1), new("c", 1)];
        var ring = new EndpointRing(endpoints);
        var turns = Enumerable.Range(0, 6).Select(_ => ring.Next()).ToList();

        Assert.Equal(endpoints, turns.Take(3).OrderBy(endpoint => endpoint.Host));
        Assert.Equal(turns.Take(3), turns.Skip(3));
    }

    [Fact]
    public void Clients_spread_over_the_servers()
    {
        SwiperEndpoint[] endpoints = [new("a", 1), new("b", 1)];
        // All 200 beginning with the same one happens by chance once in 2^199 times.
        Assert.Equal(2, Enumerable.Range(0, 200).Select(_ => new EndpointRing(endpoints).Next()).Distinct().Count());
    }

    // The connection, the server that it was made to, and the next connection to the other one.
    private async Task<(SwiperClient Client, FakeConnection Connection, FakeServer Server, Task<FakeConnection> Other)> ConnectToAnyAsync()
    {
        var accepting = (First: _first.AcceptAsync(), Second: _second.AcceptAsync());
        var client = await SwiperClient.ConnectAsync(_first.Options with { Endpoints = [_first.Endpoint, _second.Endpoint] }).Soon();
        return await Task.WhenAny(accepting.First, accepting.Second) == accepting.First
            ? (client, await accepting.First, _first, accepting.Second)
            : (client, await accepting.Second, _second, accepting.First);
    }

    private static async Task SignInAsync(SwiperClient client, FakeConnection server)
    {
        var asked = client.LogInAsync("+15550001111", "123456");
        await server.ReplyAsync((await server.ReadAsync(Opcode.Login)).Id, 100, "token", 2_000_000_000_000, true, 0);
        await asked.Soon();
    }

    /// <summary>A port that nobody listens on and nobody else can take.</summary>
    private sealed class NobodyThere : IDisposable
    {
        private readonly Socket _bound = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

        public NobodyThere() => _bound.Bind(new IPEndPoint(IPAddress.Loopback, 0));

        public SwiperEndpoint Endpoint => new("127.0.0.1", ((IPEndPoint)_bound.LocalEndPoint!).Port);

        public void Dispose() => _bound.Dispose();
    }
}
