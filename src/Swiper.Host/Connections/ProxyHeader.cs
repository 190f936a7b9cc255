using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Swiper.Host.Connections;

/// <summary>How the first bytes of a connection read as a header.</summary>
internal enum ProxyHeaderStatus
{
    /// <summary>They are the beginning of one, or nothing yet.</summary>
    Incomplete,

    /// <summary>They begin with something else.</summary>
    None,

    /// <summary>They begin as one does and break its rules.</summary>
    Invalid,

    Complete,
}

/// <summary>
/// The header of the PROXY protocol, with which a balancer says whose connection it passes on, see
/// https://www.haproxy.org/download/2.6/doc/proxy-protocol.txt. Its first byte is never that of a frame or of a TLS handshake.
/// <code>
/// version 1:  PROXY TCP4 192.0.2.1 198.51.100.2 56324 7443\r\n          at most 107 bytes
///
/// version 2:  +--------------+---------+-----------+--------+---------------------------------------+------------------+
///             | signature    | version | family    | length | source and destination: addresses and | TLVs: of no use  |
///             |              | command | transport |        | then ports; 12, 36 or 216 bytes       | here, skipped    |
///             +--------------+---------+-----------+--------+---------------------------------------+------------------+
///              12 bytes       1 byte    1 byte      2 bytes  length
/// </code>
/// </summary>
/// <param name="Length">Its bytes.</param>
/// <param name="Client">Who has connected to the balancer; null if that is the balancer itself, or it can't tell.</param>
internal readonly record struct ProxyHeader(int Length, IPEndPoint? Client)
{
    /// <summary>
    /// The longest of version 2. Balancers add some hundred bytes of TLVs; only one that terminates TLS and passes on certificates of
    /// clients would add more.
    /// </summary>
    public const int MaxLength = 4096;

    // Of version 1, with its end.
    private const int MaxText = 107;
    private const int Fixed = 16;

    // By the length of the addresses and ports.
    private const int Ipv4Block = 12;
    private const int Ipv6Block = 36;
    private const int UnixBlock = 216;

    private static readonly SearchValues<byte> Ipv6Characters = SearchValues.Create("0123456789abcdefABCDEF:."u8);

    private static ReadOnlySpan<byte> TextBegin => "PROXY "u8;

    private static ReadOnlySpan<byte> Signature => "\r\n\r\n\0\r\nQUIT\n"u8;

    /// <summary>Reads what a connection begins with; allocates only the client's address.</summary>
    public static ProxyHeaderStatus Read(in ReadOnlySequence<byte> received, out ProxyHeader header)
    {
        // What has a meaning is at the beginning: the text as a whole, the addresses.
        var first = received.FirstSpan;
        if (received.IsSingleSegment || first.Length >= MaxText)
            return Read(first[..Math.Min(MaxText, first.Length)], received.Length, out header);
        Span<byte> head = stackalloc byte[(int)Math.Min(MaxText, received.Length)];
        received.Slice(0, head.Length).CopyTo(head);
        return Read(head, received.Length, out header);
    }

    private static ProxyHeaderStatus Read(ReadOnlySpan<byte> head, long received, out ProxyHeader header)
    {
        header = default;
        if (head.StartsWith(TextBegin))
            return ReadText(head, out header);
        if (head.StartsWith(Signature))
            return ReadBinary(head, received, out header);
        return TextBegin.StartsWith(head) || Signature.StartsWith(head) ? ProxyHeaderStatus.Incomplete : ProxyHeaderStatus.None;
    }

    private static ProxyHeaderStatus ReadText(ReadOnlySpan<byte> head, out ProxyHeader header)
    {
        header = default;
        var end = head.IndexOf("\r\n"u8);
        if (end < 0)
            return head.Length < MaxText ? ProxyHeaderStatus.Incomplete : ProxyHeaderStatus.Invalid;

        var line = head[TextBegin.Length..end];
        IPEndPoint? client = null;
        // What follows UNKNOWN is to be ignored.
        if (!line.SequenceEqual("UNKNOWN"u8) && !line.StartsWith("UNKNOWN "u8) && !TryReadEnds(line, out client))
            return ProxyHeaderStatus.Invalid;
        header = new ProxyHeader(end + 2, client);
        return ProxyHeaderStatus.Complete;
    }

    private static bool TryReadEnds(ReadOnlySpan<byte> line, out IPEndPoint? client)
    {
        client = null;
        var family = TakeField(ref line) switch
        {
            [(byte)'T', (byte)'C', (byte)'P', (byte)'4'] => AddressFamily.InterNetwork,
            [(byte)'T', (byte)'C', (byte)'P', (byte)'6'] => AddressFamily.InterNetworkV6,
            _ => AddressFamily.Unknown,
        };
        if (!TryReadAddress(TakeField(ref line), family, out var source) || !TryReadAddress(TakeField(ref line), family, out _)
            || !TryReadPort(TakeField(ref line), out var port) || !TryReadPort(line, out _))
            return false;
        client = new IPEndPoint(source, port);
        return true;
    }

    private static ReadOnlySpan<byte> TakeField(ref ReadOnlySpan<byte> line)
    {
        var end = line.IndexOf((byte)' ');
        var field = end < 0 ? line : line[..end];
        line = end < 0 ? default : line[(end + 1)..];
        return field;
    }

    // .NET also reads addresses with brackets, scopes, missing, octal and hexadecimal parts, which nobody may send here.
    private static bool TryReadAddress(ReadOnlySpan<byte> text, AddressFamily family, out IPAddress address)
    {
        if (!IPAddress.TryParse(text, out address!) || address.AddressFamily != family)
            return false;
        if (family == AddressFamily.InterNetworkV6)
            return !text.ContainsAnyExcept(Ipv6Characters);
        Span<byte> usual = stackalloc byte[15];
        return address.TryFormat(usual, out var written) && text.SequenceEqual(usual[..written]);
    }

    private static bool TryReadPort(ReadOnlySpan<byte> text, out ushort port) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && text is not [(byte)'0', _, ..];

    private static ProxyHeaderStatus ReadBinary(ReadOnlySpan<byte> head, long received, out ProxyHeader header)
    {
        const byte Local = 0x20;
        const byte Proxy = 0x21;
        header = default;
        if (head.Length < Fixed)
            return ProxyHeaderStatus.Incomplete;
        var (command, family) = (head[12], head[13]);
        var length = BinaryPrimitives.ReadUInt16BigEndian(head[14..]);
        // Of a connection of the balancer's own, the rest is to be ignored.
        var block = command switch
        {
            Local => 0,
            Proxy => BlockOf(family),
            _ => null,
        };
        if (length < block || block is null || Fixed + length > MaxLength)
            return ProxyHeaderStatus.Invalid;
        if (received < Fixed + length)
            return ProxyHeaderStatus.Incomplete;

        var ends = head[Fixed..];
        header = new ProxyHeader(Fixed + length, block switch
        {
            Ipv4Block => new IPEndPoint(new IPAddress(ends[..4]), BinaryPrimitives.ReadUInt16BigEndian(ends[8..])),
            Ipv6Block => new IPEndPoint(new IPAddress(ends[..16]), BinaryPrimitives.ReadUInt16BigEndian(ends[32..])),
            _ => null,
        });
        return ProxyHeaderStatus.Complete;
    }

    // The bytes of addresses and ports; null for what a balancer can't have received over a stream.
    private static int? BlockOf(byte family) => family switch
    {
        0x11 => Ipv4Block,
        0x21 => Ipv6Block,
        0x31 => UnixBlock,
        <= 0x02 => 0,
        _ => null,
    };
}
