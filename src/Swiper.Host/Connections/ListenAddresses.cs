using System.Net;
using System.Net.Sockets;
using Swiper.Host.Options;

namespace Swiper.Host.Connections;

/// <summary>The addresses of the public ports: unless one was chosen, those of IPv4 and those of IPv6, if the machine has any.</summary>
internal sealed class ListenAddresses(ListenOptions listen, bool isDevelopment, bool hasIpv6)
{
    /// <summary>What there is to listen on here.</summary>
    public static ListenAddresses Of(ListenOptions listen, bool isDevelopment) =>
        new(listen, isDevelopment, CanBind(isDevelopment ? IPAddress.IPv6Loopback : IPAddress.IPv6Any));

    /// <summary>True if clients that have IPv6 only can't reach this host, though nobody has said so.</summary>
    public bool LacksIpv6 => listen.Address is null && !hasIpv6;

    /// <param name="port">0 for a free one: two addresses would get two different ones.</param>
    public IReadOnlyList<IPAddress> For(int port) =>
        listen.Address is not null ? [IPAddress.Parse(listen.Address)]
        // A socket that listens on all addresses of IPv6 takes those of IPv4, too.
        : !isDevelopment ? [hasIpv6 ? IPAddress.IPv6Any : IPAddress.Any]
        : hasIpv6 && port != 0 ? [IPAddress.Loopback, IPAddress.IPv6Loopback]
        : [IPAddress.Loopback];

    private static bool CanBind(IPAddress address)
    {
        if (!Socket.OSSupportsIPv6)
            return false;
        try
        {
            using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(address, 0));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
