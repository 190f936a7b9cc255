using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Swiper.Host.Transport.Native;

namespace Swiper.Host.Transport;

/// <summary>What the kernel keeps of what was sent on a connection.</summary>
/// <param name="Unread">Bytes that the client's system has not taken: the client does not read, or can't be reached.</param>
/// <param name="Taken">Bytes that it has taken since the connection began; not told while nothing is unread.</param>
internal readonly record struct SendQueue(int Unread, ulong Taken)
{
    /// <summary>Asks the kernel, on either transport; null where it can't tell: it is not Linux, or the connection has ended.</summary>
    public static SendQueue? Of(ConnectionContext connection)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        if (connection.Features.Get<ISendQueueFeature>() is { } own)
            return own.Read();
        return connection.Features.Get<IConnectionSocketFeature>() is { Socket: var socket } ? Of(socket.SafeHandle) : null;
    }

    private static SendQueue? Of(SafeSocketHandle socket)
    {
        var isHeld = false;
        try
        {
            socket.DangerousAddRef(ref isHeld);
            return Libc.SendQueueOf((int)socket.DangerousGetHandle());
        }
        catch (ObjectDisposedException)
        {
            return null;
        }
        finally
        {
            if (isHeld)
                socket.DangerousRelease();
        }
    }
}

/// <summary>A connection of our own transport.</summary>
internal interface ISendQueueFeature
{
    SendQueue? Read();
}
