using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace Swiper.Host.Transport;

/// <summary>One port, with a listening socket per loop, so that no loop hands connections to another.</summary>
internal sealed class EpollListener : IConnectionListener
{
    private readonly IReadOnlyList<(EpollLoop Loop, ListeningSocket Socket)> _sockets;
    private readonly Channel<EpollConnection> _accepted;

    private EpollListener(IPEndPoint endpoint, IReadOnlyList<(EpollLoop Loop, ListeningSocket Socket)> sockets,
        Channel<EpollConnection> accepted)
    {
        EndPoint = endpoint;
        _sockets = sockets;
        _accepted = accepted;
    }

    public EndPoint EndPoint { get; }

    /// <exception cref="System.Net.Sockets.SocketException">The address can't be listened on.</exception>
    public static async Task<EpollListener> BindAsync(IPEndPoint endpoint, int backlog, int sendBuffer, IReadOnlyList<EpollLoop> loops)
    {
        // SO_REUSEPORT also shares the port with other processes of the same user, so two hosts would not notice each other. Therefore
        // the first socket binds the port exclusively and releases it. A port chosen by the kernel is unused anyway.
        if (loops.Count > 1 && endpoint.Port != 0)
            ListeningSocket.Bind(endpoint, backlog, sendBuffer, reusePort: false).Dispose();

        var accepted = Channel.CreateUnbounded<EpollConnection>(new UnboundedChannelOptions { SingleReader = true });
        var sockets = new List<(EpollLoop Loop, ListeningSocket Socket)>();
        try
        {
            foreach (var loop in loops)
            {
                var socket = ListeningSocket.Bind(endpoint, backlog, sendBuffer, reusePort: loops.Count > 1);
                endpoint = (IPEndPoint)socket.LocalEndPoint!;
                sockets.Add((loop, new ListeningSocket(socket, accepted.Writer)));
            }
            foreach (var (loop, socket) in sockets)
                await loop.ListenAsync(socket);
        }
        catch
        {
            foreach (var (loop, socket) in sockets)
            {
                await loop.UnlistenAsync(socket);
                socket.Dispose();
            }
            throw;
        }
        return new EpollListener(endpoint, sockets, accepted);
    }

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (await _accepted.Reader.WaitToReadAsync(cancellationToken))
        {
            if (_accepted.Reader.TryRead(out var connection))
                return connection;
        }
        return null;
    }

    public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        await Task.WhenAll(_sockets.Select(socket => socket.Loop.UnlistenAsync(socket.Socket)));
        _accepted.Writer.TryComplete();
    }

    public async ValueTask DisposeAsync()
    {
        await UnbindAsync();
        while (_accepted.Reader.TryRead(out var connection))
            connection.Abort(new ConnectionAbortedException("the listener has stopped"));
    }
}
