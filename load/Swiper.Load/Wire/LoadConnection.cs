using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Swiper.Local.Hosts;

namespace Swiper.Load.Wire;

/// <summary>One client connection: what it has sent and received, and the start of an incomplete reply.</summary>
internal sealed class LoadConnection : IDisposable
{
    private static readonly TimeSpan HandshakePatience = TimeSpan.FromSeconds(10);

    private readonly Socket _socket;
    private TlsSession? _tls;

    private LoadConnection(Socket socket)
    {
        _socket = socket;
        Descriptor = (int)socket.SafeHandle.DangerousGetHandle();
    }

    public int Descriptor { get; }

    public long Sent { get; set; }

    public long Answered { get; set; }

    /// <summary>The bytes of an incomplete reply.</summary>
    public byte[] Tail { get; private set; } = [];

    public int TailLength { get; private set; }

    /// <summary>The number of the request being timed, from 1; 0 for none.</summary>
    public long TimedRequest { get; set; }

    public long TimedSince { get; set; }

    public static LoadConnection Open(IPEndPoint server)
    {
        var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
            // Handshakes block; a load only takes what is available.
            ReceiveTimeout = (int)HandshakePatience.TotalMilliseconds,
        };
        try
        {
            socket.Connect(server);
            return new LoadConnection(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <param name="server">A TLS server with <see cref="TlsCertificate"/>.</param>
    /// <param name="echo">Bytes that it echoes.</param>
    public static LoadConnection OpenOverTls(IPEndPoint server, ReadOnlySpan<byte> echo)
    {
        var connection = Open(server);
        try
        {
            connection._tls = new TlsSession(connection._socket, echo);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>The number of bytes received; 0 if none are available.</summary>
    public int Receive(Span<byte> into) => _tls is null ? RawSocket.Receive(Descriptor, into) : _tls.Receive(into);

    /// <summary>Sends all of it, without waiting.</summary>
    public void Send(ReadOnlySpan<byte> bytes)
    {
        if (_tls is null)
            RawSocket.Send(Descriptor, bytes);
        else
            _tls.Send(bytes);
    }

    /// <summary>Sends one frame and waits for one reply frame: for a handshake, before anything is measured.</summary>
    public byte[] Ask(ReadOnlySpan<byte> frame)
    {
        _socket.Send(frame);
        var length = new byte[4];
        ReceiveExactly(length);
        var body = new byte[BinaryPrimitives.ReadInt32BigEndian(length)];
        ReceiveExactly(body);
        return body;
    }

    /// <summary>Sends some bytes and waits for a reply in any format, as above.</summary>
    public byte[] Ask(ReadOnlySpan<byte> request, Func<ReadOnlySpan<byte>, bool> isWhole)
    {
        _socket.Send(request);
        var reply = new byte[64 * 1024];
        for (var length = 0; ;)
        {
            var received = _socket.Receive(reply.AsSpan(length));
            if (received == 0)
                throw new EndOfStreamException("the server closed the connection, or sent more than was expected");
            length += received;
            if (isWhole(reply.AsSpan(0, length)))
                return reply[..length];
        }
    }

    public void KeepTail(ReadOnlySpan<byte> tail)
    {
        if (Tail.Length < tail.Length)
            Tail = new byte[Math.Max(tail.Length, Tail.Length * 2)];
        tail.CopyTo(Tail);
        TailLength = tail.Length;
    }

    public void Dispose()
    {
        _tls?.Dispose();
        _socket.Dispose();
    }

    private void ReceiveExactly(Span<byte> into)
    {
        while (!into.IsEmpty)
        {
            var received = _socket.Receive(into);
            if (received == 0)
                throw new EndOfStreamException("the server closed the connection during the handshake");
            into = into[received..];
        }
    }
}
