using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Swiper.Host.Options;

namespace Swiper.Host.Tests.Transport;

public sealed class EpollListeningTests() : ListeningContract(TransportKind.Epoll);

public sealed class SocketsListeningTests() : ListeningContract(TransportKind.Sockets);

/// <summary>Ports and what is accepted from them, whichever transport it is.</summary>
public abstract class ListeningContract(TransportKind kind)
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task After_unbinding_nobody_is_accepted_and_open_connections_go_on(int loops)
    {
        await using var transport = await BoundTransport.StartAsync(kind, loops);
        var pair = await transport.ConnectAsync();
        await transport.UnbindAsync();
        await transport.Accepting.Soon();
        using var late = new Socket(SocketType.Stream, ProtocolType.Tcp);
        var refused = await Assert.ThrowsAsync<SocketException>(async () => await late.ConnectAsync(transport.EndPoint));
        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);

        await pair.SendAsync(new byte[] { 1 });
        Assert.Equal([1], await pair.ReadAsync(1));
        await pair.Output.WriteAsync(new byte[] { 2 });
        Assert.Equal([2], await pair.ReceiveAsync(1));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 4)]
    [InlineData(4, 1)]
    [InlineData(1, 4)]
    public async Task A_port_belongs_to_one_factory_however_many_loops_share_it(int firstLoops, int secondLoops)
    {
        // Of its own, lest a connection of another test takes the port before it is bound again.
        var address = IPAddress.Parse("127.0.0.77");
        await using var first = await BoundTransport.StartAsync(kind, firstLoops, address);
        var second = BoundTransport.Create(kind, secondLoops);
        await Assert.ThrowsAsync<AddressInUseException>(() => second.BindAsync(first.EndPoint).Soon());

        // Not hurt by the try, and free again in the end.
        await first.ConnectAsync();
        var endpoint = first.EndPoint;
        await first.DisposeAsync();
        var listener = await second.BindAsync(endpoint).Soon();
        Assert.Equal(endpoint, listener.EndPoint);
        await listener.DisposeAsync().Soon();
        if (second is IAsyncDisposable disposable)
            await disposable.DisposeAsync();
    }

    [Fact]
    public async Task An_address_of_another_machine_is_refused()
    {
        var factory = BoundTransport.Create(kind, loops: 2);
        var refused = await Assert.ThrowsAnyAsync<SocketException>(() =>
            factory.BindAsync(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 0)).Soon());
        Assert.Equal(SocketError.AddressNotAvailable, refused.SocketErrorCode);
        if (factory is IAsyncDisposable disposable)
            await disposable.DisposeAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task Two_thousand_connect_at_once_and_each_is_answered(int loops)
    {
        const int Clients = 2_000;
        await using var transport = await BoundTransport.StartAsync(kind, loops);
        var pairs = new ConnectionPair[Clients];
        await Parallel.ForAsync(0, Clients, new ParallelOptions { MaxDegreeOfParallelism = 256 }, async (number, cancelled) =>
        {
            var pair = pairs[number] = await transport.ConnectAsync();
            await pair.SendAsync(BitConverter.GetBytes(number));
            var echo = await pair.ReadAsync(4);
            await pair.Output.WriteAsync(echo, cancelled);
            Assert.Equal(number, BitConverter.ToInt32(await pair.ReceiveAsync(4)));
        });
        Assert.Equal(Clients, pairs.Select(pair => pair.Server.ConnectionId).Distinct().Count());
        // All of them are still open.
        foreach (var pair in pairs)
            Assert.False(pair.Server.ConnectionClosed.IsCancellationRequested);
    }

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1", "127.0.0.1")]
    [InlineData("0.0.0.0", "127.0.0.1", "127.0.0.1")]
    [InlineData("::1", "::1", "::1")]
    [InlineData("::", "::1", "::1")]
    [InlineData("::", "127.0.0.1", "::ffff:127.0.0.1")]
    public async Task Both_ends_are_known_by_their_addresses(string listenOn, string connectTo, string seen)
    {
        var (address, target) = (IPAddress.Parse(listenOn), IPAddress.Parse(connectTo));
        Assert.SkipUnless(address.AddressFamily == AddressFamily.InterNetwork || Socket.OSSupportsIPv6, "no IPv6 here");
        await using var transport = await BoundTransport.StartAsync(kind, loops: 2, address);
        Assert.Equal(address, transport.EndPoint.Address);
        Assert.NotEqual(0, transport.EndPoint.Port);

        var pair = await transport.ConnectAsync(
            new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp), new IPEndPoint(target, transport.EndPoint.Port));
        var client = (IPEndPoint)pair.Client.LocalEndPoint!;
        Assert.Equal(new IPEndPoint(IPAddress.Parse(seen), client.Port), pair.Server.RemoteEndPoint);
        Assert.Equal(new IPEndPoint(IPAddress.Parse(seen), transport.EndPoint.Port), pair.Server.LocalEndPoint);
    }

    [Fact]
    public async Task Waiting_for_a_connection_can_be_cancelled()
    {
        var factory = BoundTransport.Create(kind);
        var listener = await factory.BindAsync(new IPEndPoint(IPAddress.Loopback, 0)).Soon();
        using var source = new CancellationTokenSource();
        var waiting = listener.AcceptAsync(source.Token).AsTask();
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.Soon());

        using var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(listener.EndPoint);
        var connection = await listener.AcceptAsync().Soon();
        await connection!.DisposeAsync().Soon();
        await listener.DisposeAsync().Soon();
        if (factory is IAsyncDisposable disposable)
            await disposable.DisposeAsync();
    }

    [Fact]
    public async Task What_middleware_asks_of_a_connection_is_among_its_features()
    {
        await using var transport = await BoundTransport.StartAsync(kind);
        var connection = (await transport.ConnectAsync()).Server;
        var features = connection.Features;
        Assert.Equal(connection.ConnectionId, features.Get<IConnectionIdFeature>()!.ConnectionId);
        Assert.Same(connection.Transport, features.Get<IConnectionTransportFeature>()!.Transport);
        Assert.Equal(connection.ConnectionClosed, features.Get<IConnectionLifetimeFeature>()!.ConnectionClosed);
        Assert.NotNull(features.Get<IMemoryPoolFeature>()!.MemoryPool);
        connection.Items["key"] = "value";
        Assert.Equal("value", features.Get<IConnectionItemsFeature>()!.Items["key"]);
        Assert.Null(features.Get<IPersistentStateFeature>());

        var revision = features.Revision;
        var own = new OwnFeature();
        features.Set<IPersistentStateFeature>(own);
        Assert.Same(own, features.Get<IPersistentStateFeature>());
        Assert.Same(own, features[typeof(IPersistentStateFeature)]);
        Assert.NotEqual(revision, features.Revision);
        var kinds = features.Select(feature => feature.Key).ToList();
        Assert.Equal(kinds.Distinct(), kinds);
        Assert.Contains(typeof(IPersistentStateFeature), kinds);
        Assert.Contains(typeof(IConnectionIdFeature), kinds);

        features.Set<IPersistentStateFeature>(null);
        Assert.Null(features.Get<IPersistentStateFeature>());
        Assert.DoesNotContain(typeof(IPersistentStateFeature), features.Select(feature => feature.Key));

        features.Set<IConnectionIdFeature>(own);
        Assert.Same(own, features.Get<IConnectionIdFeature>());
        Assert.Single(features, feature => feature.Key == typeof(IConnectionIdFeature));
    }

    private sealed class OwnFeature : IPersistentStateFeature, IConnectionIdFeature
    {
        public IDictionary<object, object?> State => new Dictionary<object, object?>();

        public string ConnectionId { get; set; } = "own";
    }
}
