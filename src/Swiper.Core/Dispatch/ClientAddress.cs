using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Swiper.Core.Dispatch;

/// <summary>Identifies one subscriber for limits.</summary>
public static class ClientAddress
{
    /// <summary>An IPv4 address; of IPv6 the /64 network, since a subscriber has all of it; else "local".</summary>
    public static string Of(EndPoint? remote)
    {
        if (remote is not IPEndPoint { Address: var address })
            return "local";
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (address.AddressFamily == AddressFamily.InterNetwork)
            return address.ToString();

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[8..].Clear();
        return $"{new IPAddress(bytes)}/64";
    }

    /// <summary>The same as a number, for a table of all; an IPv4 address as IPv6 has it.</summary>
    public static UInt128 NumberOf(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.MapToIPv6().TryWriteBytes(bytes, out _);
        if (address.AddressFamily == AddressFamily.InterNetworkV6 && !address.IsIPv4MappedToIPv6)
            bytes[8..].Clear();
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }
}
