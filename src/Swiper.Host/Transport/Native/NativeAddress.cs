using System.Buffers.Binary;
using System.Net;
using System.Runtime.InteropServices;

namespace Swiper.Host.Transport.Native;

/// <summary>struct sockaddr_in and sockaddr_in6: ip(7), ipv6(7).</summary>
internal static class NativeAddress
{
    /// <summary>Room for either.</summary>
    public const int MaxSize = 28;

    private const ushort Ipv4 = 2;
    private const ushort Ipv6 = 10;

    /// <summary>Null for an address of another family.</summary>
    public static IPEndPoint? Read(ReadOnlySpan<byte> address)
    {
        if (address.Length < 8)
            return null;
        var port = BinaryPrimitives.ReadUInt16BigEndian(address[2..]);
        return MemoryMarshal.Read<ushort>(address) switch
        {
            Ipv4 => new IPEndPoint(new IPAddress(address.Slice(4, 4)), port),
            Ipv6 when address.Length >= MaxSize =>
                new IPEndPoint(new IPAddress(address.Slice(8, 16), MemoryMarshal.Read<uint>(address[24..])), port),
            _ => null,
        };
    }
}
