using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using Swiper.Host.Transport.Native;

namespace Swiper.Host.Transport;

/// <summary>How accepting ended.</summary>
internal enum AcceptStatus
{
    Accepted,

    /// <summary>Nobody waits.</summary>
    Empty,

    /// <summary>Whoever waited has gone; the next may be there.</summary>
    Gone,

    /// <summary>The system has no room for another connection now, or fails in another way.</summary>
    NoRoom,
}

/// <summary>One loop's socket of a listener.</summary>
internal sealed class ListeningSocket(Socket socket, ChannelWriter<EpollConnection> accepted) : IDisposable
{
    private static readonly int One = 1;

    public int Descriptor { get; } = (int)socket.SafeHandle.DangerousGetHandle();

    public ChannelWriter<EpollConnection> Accepted { get; } = accepted;

    /// <summary>Of <see cref="Environment.TickCount64"/>: when to try again after the system had no room; null while accepting.</summary>
    public long? PausedUntil { get; set; }

    /// <summary>How often in a row the system had no room.</summary>
    public int Pauses { get; set; }

    /// <summary>Listens. Sockets that reuse a port share it, and the system spreads connections over them.</summary>
    /// <param name="endpoint">Where.</param>
    /// <param name="backlog">Connections that the kernel keeps until they are accepted.</param>
    /// <param name="sendBuffer">Bytes that it keeps for a client that does not read.</param>
    /// <param name="reusePort">Whether others may listen there, too.</param>
    public static Socket Bind(IPEndPoint endpoint, int backlog, int sendBuffer, bool reusePort)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (endpoint.Address.Equals(IPAddress.IPv6Any))
                socket.DualMode = true;
            if (reusePort && Libc.SetOption((int)socket.Handle, Libc.SocketLevel, Libc.ReusePort, in One, sizeof(int)) < 0)
                throw Libc.Failure("setsockopt SO_REUSEPORT", Marshal.GetLastPInvokeError());
            socket.Bind(endpoint);
            Prepare(socket, backlog, sendBuffer);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Listens on a socket that is bound; one that listens already keeps its queue.</summary>
    public static void Prepare(Socket socket, int backlog, int sendBuffer)
    {
        // Connections have these from the socket that accepts them. Replies are written whole, so waiting for more to send with them gains
        // nothing.
        socket.NoDelay = true;
        socket.SendBufferSize = sendBuffer;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.Listen(backlog);
        socket.Blocking = false;
    }

    public AcceptStatus Accept(out int descriptor, out IPEndPoint? remote, out int error)
    {
        Span<byte> address = stackalloc byte[NativeAddress.MaxSize];
        var length = address.Length;
        (remote, error) = (null, 0);
        descriptor =
            Libc.Accept(Descriptor, ref MemoryMarshal.GetReference(address), ref length, Libc.AcceptNonBlocking | Libc.AcceptCloseOnExec);
        if (descriptor >= 0)
        {
            remote = NativeAddress.Read(address[..Math.Min(length, address.Length)]);
            return AcceptStatus.Accepted;
        }
        error = Marshal.GetLastPInvokeError();
        return error switch
        {
            Libc.TryAgain => AcceptStatus.Empty,
            // accept(2) also reports errors of the new connection, which do not concern the listener.
            Libc.Interrupted or Libc.ConnectionAborted or Libc.ProtocolError => AcceptStatus.Gone,
            // No descriptors, no memory; and whatever else there is, it is not tried all the time.
            _ => AcceptStatus.NoRoom,
        };
    }

    public void Dispose() => socket.Dispose();
}
