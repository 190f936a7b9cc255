using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Swiper.Host.Connections;
using Swiper.Host.Options;
using Swiper.Host.Restarts;
using Swiper.Host.Transport;

namespace Swiper.Host.Tests.Transport;

/// <summary>A transport that listens, without a server on it.</summary>
internal sealed class BoundTransport : IAsyncDisposable
{
    private static readonly IMeterFactory Meters =
        new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();

    private readonly IConnectionListenerFactory _factory;
    private readonly IConnectionListener _listener;
    private readonly ConcurrentDictionary<EndPoint, TaskCompletionSource<ConnectionContext>> _accepted = new();
    private readonly ConcurrentBag<ConnectionPair> _pairs = [];

    private BoundTransport(IConnectionListenerFactory factory, IConnectionListener listener)
    {
        _factory = factory;
        _listener = listener;
        Accepting = Task.Run(AcceptAllAsync);
    }

    public IPEndPoint EndPoint => (IPEndPoint)_listener.EndPoint;

    /// <summary>Ends when the listener says that no more will come.</summary>
    public Task Accepting { get; }

    public static IConnectionListenerFactory Create(TransportKind kind, int loops = 1, ILoggerFactory? loggers = null)
    {
        Assert.SkipUnless(kind == TransportKind.Sockets || EpollTransportFactory.IsSupported, "epoll needs Linux");
        return kind == TransportKind.Epoll
            ? new EpollTransportFactory(new SwiperOptions { Listen = new ListenOptions { Loops = loops } }, new ListeningSockets(), loggers
                ?? NullLoggerFactory.Instance, Meters)
            : new SocketTransportFactory(
                Microsoft.Extensions.Options.Options.Create(Sockets(loops)), loggers ?? NullLoggerFactory.Instance);

        static SocketTransportOptions Sockets(int loops)
        {
            var sockets = new SocketTransportOptions { IOQueueCount = loops, Backlog = 4096 };
            Listeners.BoundUnsent(sockets, new ConnectionLimits().SendBuffer, new ListeningSockets());
            return sockets;
        }
    }

    public static async Task<BoundTransport> StartAsync(TransportKind kind, int loops = 1, IPAddress? address = null,
        ILoggerFactory? loggers = null)
    {
        var factory = Create(kind, loops, loggers);
        try
        {
            return new BoundTransport(factory, await factory.BindAsync(new IPEndPoint(address ?? IPAddress.Loopback, 0)).Soon());
        }
        catch
        {
            await DisposeAsync(factory);
            throw;
        }
    }

    /// <summary>A client, and the connection that the transport has made of it.</summary>
    /// <param name="receiveBuffer">Bytes that the system keeps for a client that does not read; 0 for its default.</param>
    public async Task<ConnectionPair> ConnectAsync(int receiveBuffer = 0)
    {
        var client = new Socket(EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (receiveBuffer > 0)
            client.ReceiveBufferSize = receiveBuffer;
        return await ConnectAsync(client, EndPoint);
    }

    public async Task<ConnectionPair> ConnectAsync(Socket client, IPEndPoint endpoint)
    {
        try
        {
            await client.ConnectAsync(endpoint).Soon();
            var arrival = Arrival(client.LocalEndPoint!);
            var pair = new ConnectionPair(client, await arrival.Value.Task.Soon());
            // Ports of clients are used again.
            _accepted.TryRemove(arrival);
            _pairs.Add(pair);
            return pair;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    public Task UnbindAsync() => _listener.UnbindAsync().Soon();

    /// <summary>Ends the transport with whatever is open on it.</summary>
    public ValueTask StopFactoryAsync() => DisposeAsync(_factory);

    public async ValueTask DisposeAsync()
    {
        await UnbindAsync();
        await Accepting.Soon();
        foreach (var pair in _pairs)
            await pair.DisposeAsync();
        await _listener.DisposeAsync().Soon();
        await StopFactoryAsync();
    }

    private static ValueTask DisposeAsync(IConnectionListenerFactory factory) =>
        factory is IAsyncDisposable disposable ? disposable.DisposeAsync() : ValueTask.CompletedTask;

    private async Task AcceptAllAsync()
    {
        while (await _listener.AcceptAsync() is { } connection)
            Arrival(connection.RemoteEndPoint!).Value.SetResult(connection);
    }

    // A server of both families sees the clients of the older one by mapped addresses.
    private KeyValuePair<EndPoint, TaskCompletionSource<ConnectionContext>> Arrival(EndPoint client)
    {
        var key = new IPEndPoint(((IPEndPoint)client).Address.MapToIPv6(), ((IPEndPoint)client).Port);
        return KeyValuePair.Create<EndPoint, TaskCompletionSource<ConnectionContext>>(key, _accepted.GetOrAdd(
            key, static _ => new TaskCompletionSource<ConnectionContext>(TaskCreationOptions.RunContinuationsAsynchronously)));
    }
}
