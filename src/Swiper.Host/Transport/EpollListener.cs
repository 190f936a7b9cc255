using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Swiper.Host.Restarts;

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

    /// <param name="asked">Where, as the options say.</param>
    /// <param name="backlog">Connections that the kernel keeps until they are accepted.</param>
    /// <param name="sendBuffer">Bytes that it keeps for a client that does not read.</param>
    /// <param name="loops">Those that accept.</param>
    /// <param name="listening">The sockets that this process has there already, or none.</param>
    /// <exception cref="SocketException">The address can't be listened on.</exception>
    public static async Task<EpollListener> BindAsync(
        IPEndPoint asked, int backlog, int sendBuffer, IReadOnlyList<EpollLoop> loops, ListeningSockets listening)
    {
        // As many as the loops of whoever had them: with each that was closed its queue would be.
        var opened = listening.Claim(asked).ToList();
        foreach (var socket in opened)
            ListeningSocket.Prepare(socket, backlog, sendBuffer);
        // SO_REUSEPORT also shares the port with other processes of the same user, so two hosts would not notice each other. Therefore
        // the first socket binds the port exclusively and releases it. A port chosen by the kernel is unused anyway.
        if (opened.Count == 0 && asked.Port != 0)
            ListeningSocket.Bind(asked, backlog, sendBuffer, reusePort: false).Dispose();

        var accepted = Channel.CreateUnbounded<EpollConnection>(new UnboundedChannelOptions { SingleReader = true });
        var sockets = new List<(EpollLoop Loop, ListeningSocket Socket)>();
        try
        {
            var endpoint = opened.Count > 0 ? (IPEndPoint)opened[0].LocalEndPoint! : asked;
            while (opened.Count < loops.Count)
            {
                opened.Add(ListeningSocket.Bind(endpoint, backlog, sendBuffer, reusePort: true));
                endpoint = (IPEndPoint)opened[0].LocalEndPoint!;
            }
            foreach (var (index, socket) in opened.Index())
            {
                var loop = loops[index % loops.Count];
                var listener = new ListeningSocket(socket, accepted.Writer);
                sockets.Add((loop, listener));
                await loop.ListenAsync(listener);
            }
            listening.Use(asked, [.. opened]);
            return new EpollListener(endpoint, sockets, accepted);
        }
        catch
        {
            foreach (var (loop, socket) in sockets)
                await loop.UnlistenAsync(socket);
            foreach (var socket in opened)
                socket.Dispose();
            throw;
        }
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
