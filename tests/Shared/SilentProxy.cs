using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Swiper.Tests.Shared;

/// <summary>Which way bytes go.</summary>
[Flags]
internal enum Way
{
    None = 0,
    ToServer = 1,
    FromServer = 2,
    Both = ToServer | FromServer,
}

/// <summary>
/// A TCP proxy on loopback that swallows what it is told to: the connections stay, whoever writes succeeds, and nothing arrives. A server
/// that is stopped can't show that: its connections work again when it goes on.
/// </summary>
internal sealed class SilentProxy : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly ConcurrentBag<Connection> _connections = [];
    private readonly byte[][] _commands;
    private volatile Way _newOnes;

    /// <param name="target">The server's port.</param>
    /// <param name="commands">Words by which one of them a client's first request is known: what comes before it is the handshake.</param>
    public SilentProxy(int target, params ReadOnlySpan<byte[]> commands)
    {
        _commands = commands.ToArray();
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        _ = AcceptAsync(new IPEndPoint(IPAddress.Loopback, target));
    }

    public int Port { get; }

    public string Address => $"127.0.0.1:{Port}";

    /// <summary>From now on each new connection is swallowed up, for good, once its handshake is over.</summary>
    public void SwallowNewOnes(Way way) => _newOnes = way;

    /// <summary>
    /// The connections that there are now are swallowed up for good; only those on which the client has sent some word, where one is
    /// given.
    /// </summary>
    public void Swallow(Way way, byte[]? sent = null)
    {
        foreach (var connection in _connections.Where(connection => sent is null || connection.HasSent(sent)))
            connection.Swallowed = way;
    }

    public void Dispose()
    {
        _listener.Dispose();
        foreach (var connection in _connections)
            connection.Dispose();
    }

    private async Task AcceptAsync(IPEndPoint target)
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptAsync();
                var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                client.NoDelay = true;
                _ = RunAsync(new Connection(client, server, _newOnes, _commands), target);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task RunAsync(Connection connection, IPEndPoint target)
    {
        _connections.Add(connection);
        await connection.RunAsync(target);
    }

    private sealed class Connection(Socket client, Socket server, Way afterHandshake, byte[][] commands) : IDisposable
    {
        private readonly ConcurrentDictionary<string, bool> _sent = new();
        private volatile Way _swallowed;

        public Way Swallowed
        {
            get => _swallowed;
            set => _swallowed = value;
        }

        public bool HasSent(byte[] word) => _sent.ContainsKey(Convert.ToHexString(word));

        public async Task RunAsync(IPEndPoint target)
        {
            try
            {
                await server.ConnectAsync(target);
                await Task.WhenAny(PumpAsync(client, server, Way.ToServer), PumpAsync(server, client, Way.FromServer));
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                // Whoever closed it first: the other side is to see it, too.
            }

            Dispose();
        }

        public void Dispose()
        {
            client.Dispose();
            server.Dispose();
        }

        private async Task PumpAsync(Socket from, Socket to, Way way)
        {
            var buffer = new byte[65536];
            while (await from.ReceiveAsync(buffer) is var count and > 0)
            {
                if (way == Way.ToServer)
                    Look(buffer.AsSpan(0, count));
                if ((_swallowed & way) == 0)
                    await SendAsync(to, buffer.AsMemory(0, count));
            }
        }

        private void Look(ReadOnlySpan<byte> bytes)
        {
            foreach (var command in commands)
            {
                if (bytes.IndexOf(command) < 0)
                    continue;
                _sent[Convert.ToHexString(command)] = true;
                _swallowed |= afterHandshake;
            }
        }

        private static async Task SendAsync(Socket to, ReadOnlyMemory<byte> bytes)
        {
            while (!bytes.IsEmpty)
                bytes = bytes[await to.SendAsync(bytes)..];
        }
    }
}
