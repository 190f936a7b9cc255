using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Text;
using Swiper.Host.Connections;

namespace Swiper.Host.Tests.Connections;

public sealed class ProxyHeaderTests
{
    private const string LongestIpv6 = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";

    /// <summary>Headers and whose connection they say it is.</summary>
    public static TheoryData<string, byte[], string?> Valid => new()
    {
        { "text", Text("PROXY TCP4 192.0.2.1 198.51.100.2 56324 7443"), "192.0.2.1:56324" },
        { "text, longest IPv4", Text("PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535"), "255.255.255.255:65535" },
        { "text, IPv6", Text("PROXY TCP6 2001:db8::1 2001:db8::2 1 2"), "[2001:db8::1]:1" },
        { "text, longest IPv6", Text($"PROXY TCP6 {LongestIpv6} {LongestIpv6} 65535 65535"), $"[{LongestIpv6}]:65535" },
        { "text, IPv4 as IPv6", Text("PROXY TCP6 ::ffff:192.0.2.1 ::ffff:192.0.2.2 0 0"), "[::ffff:192.0.2.1]:0" },
        { "text, unknown", Text("PROXY UNKNOWN"), null },
        { "text, unknown with addresses", Text("PROXY UNKNOWN ffff::1 ffff::2 65535 65535"), null },
        { "text, unknown and 107 bytes", Text($"PROXY UNKNOWN {new string('x', 107 - 16)}"), null },
        { "IPv4", Binary(0x21, 0x11, V4), "192.0.2.1:56324" },
        { "IPv4 with TLVs", Binary(0x21, 0x11, [.. V4, 0x04, 0, 1, 0, 0x20, 0, 5, 1, 0, 0, 0, 0]), "192.0.2.1:56324" },
        { "IPv4 with TLVs that are none", Binary(0x21, 0x11, [.. V4, 0xff, 0xff, 0xff]), "192.0.2.1:56324" },
        { "IPv4 with as many bytes as there may be", Binary(0x21, 0x11, [.. V4, .. new byte[4096 - 16 - 12]]), "192.0.2.1:56324" },
        { "IPv6", Binary(0x21, 0x21, V6), "[2001:db8::1]:56324" },
        { "IPv6 with TLVs", Binary(0x21, 0x21, [.. V6, 0x04, 0, 200, .. new byte[200]]), "[2001:db8::1]:56324" },
        { "a Unix socket", Binary(0x21, 0x31, new byte[216]), null },
        { "an unknown family", Binary(0x21, 0x00, []), null },
        { "an unknown family with bytes", Binary(0x21, 0x00, [1, 2, 3]), null },
        { "the balancer's own", Binary(0x20, 0x00, []), null },
        { "the balancer's own, with what is to be ignored", Binary(0x20, 0x11, [1, 2, 3]), null },
        { "the balancer's own, with addresses", Binary(0x20, 0x11, V4), null },
        { "the balancer's own, of a family to come", Binary(0x20, 0x77, V4), null },
    };

    public static TheoryData<string, byte[]> Invalid => new()
    {
        { "no family", Text("PROXY ") },
        { "another family", Text("PROXY UDP4 192.0.2.1 198.51.100.2 1 2") },
        { "unknown, and more at once", Text("PROXY UNKNOWNS") },
        { "two blanks", Text("PROXY TCP4  192.0.2.1 198.51.100.2 1 2") },
        { "too few fields", Text("PROXY TCP4 192.0.2.1 198.51.100.2 1") },
        { "too many fields", Text("PROXY TCP4 192.0.2.1 198.51.100.2 1 2 3") },
        { "a blank at the end", Text("PROXY TCP4 192.0.2.1 198.51.100.2 1 2 ") },
        { "IPv6 for IPv4", Text("PROXY TCP4 2001:db8::1 198.51.100.2 1 2") },
        { "IPv4 for IPv6", Text("PROXY TCP6 192.0.2.1 2001:db8::1 1 2") },
        { "a short IPv4 address", Text("PROXY TCP4 192.1 198.51.100.2 1 2") },
        { "an octal IPv4 address", Text("PROXY TCP4 0300.0.2.1 198.51.100.2 1 2") },
        { "a hexadecimal IPv4 address", Text("PROXY TCP4 0xc0.0.2.1 198.51.100.2 1 2") },
        { "a part above 255", Text("PROXY TCP4 192.0.2.256 198.51.100.2 1 2") },
        { "a destination that is none", Text("PROXY TCP4 192.0.2.1 nowhere 1 2") },
        { "a scope", Text("PROXY TCP6 fe80::1%2 2001:db8::2 1 2") },
        { "brackets", Text("PROXY TCP6 [2001:db8::1] 2001:db8::2 1 2") },
        { "a port above 65535", Text("PROXY TCP4 192.0.2.1 198.51.100.2 65536 2") },
        { "a port with a sign", Text("PROXY TCP4 192.0.2.1 198.51.100.2 +1 2") },
        { "a port with a zero before it", Text("PROXY TCP4 192.0.2.1 198.51.100.2 01 2") },
        { "a port that is none", Text("PROXY TCP4 192.0.2.1 198.51.100.2 1 x") },
        { "a line feed alone", Encoding.ASCII.GetBytes($"PROXY TCP4 192.0.2.1 198.51.100.2 1 2\n{new string('x', 107)}") },
        { "a text without end", Encoding.ASCII.GetBytes($"PROXY UNKNOWN {new string('x', 107 - 14)}") },
        { "a text of 108 bytes", Text($"PROXY UNKNOWN {new string('x', 108 - 16)}") },
        { "version 1 in binary", Binary(0x11, 0x11, V4) },
        { "version 3", Binary(0x31, 0x11, V4) },
        { "a command to come", Binary(0x22, 0x11, V4) },
        { "a family to come", Binary(0x21, 0x41, V4) },
        { "a transport to come", Binary(0x21, 0x13, V4) },
        { "datagrams", Binary(0x21, 0x12, V4) },
        { "too short for IPv4", Binary(0x21, 0x11, V4[..11]) },
        { "too short for IPv6", Binary(0x21, 0x21, V6[..35]) },
        { "too short for a Unix socket", Binary(0x21, 0x31, new byte[215]) },
        { "too long", Binary(0x21, 0x11, [.. V4, .. new byte[4096 - 16 - 12 + 1]]) },
        { "as long as a number can be", Binary(0x20, 0x00, new byte[65535]) },
    };

    private static byte[] V4 => [192, 0, 2, 1, 198, 51, 100, 2, 0xdc, 0x04, 0x1d, 0x13];

    private static byte[] V6 =>
    [
        .. IPAddress.Parse("2001:db8::1").GetAddressBytes(), .. IPAddress.Parse("2001:db8::2").GetAddressBytes(), 0xdc, 0x04, 0x1d, 0x13,
    ];

    [Theory]
    [MemberData(nameof(Valid))]
    public void A_header_says_whose_connection_it_is_however_it_arrives(string what, byte[] bytes, string? client)
    {
        _ = what;
        // What follows is not the header's.
        byte[] all = [.. bytes, 0, 0, 0, 5, 0x94];
        foreach (var received in Arrivals(all))
        {
            Assert.Equal(ProxyHeaderStatus.Complete, ProxyHeader.Read(received, out var header));
            Assert.Equal((bytes.Length, client), (header.Length, header.Client?.ToString()));
        }
        for (var length = 0; length < bytes.Length; length++)
        {
            foreach (var received in Arrivals(bytes[..length]))
                Assert.Equal(ProxyHeaderStatus.Incomplete, ProxyHeader.Read(received, out _));
        }
    }

    [Theory]
    [MemberData(nameof(Invalid))]
    public void What_breaks_the_rules_is_refused_however_it_arrives(string what, byte[] bytes)
    {
        _ = what;
        foreach (var received in Arrivals(bytes))
            Assert.Equal(ProxyHeaderStatus.Invalid, ProxyHeader.Read(received, out _));
    }

    [Theory]
    [InlineData("\0\0\0\u0005")]
    [InlineData("\u0016\u0003\u0001")]
    [InlineData("PRoXY TCP4 192.0.2.1 198.51.100.2 1 2\r\n")]
    [InlineData("PROXY\r\n")]
    [InlineData("GET / HTTP/1.1\r\n")]
    [InlineData("\r\n\r\n\0\r\nquit\n")]
    public void What_begins_with_something_else_is_no_header(string bytes)
    {
        foreach (var received in Arrivals(Encoding.Latin1.GetBytes(bytes)))
            Assert.Equal(ProxyHeaderStatus.None, ProxyHeader.Read(received, out _));
    }

    [Fact]
    public void Whatever_is_sent_costs_no_more_than_an_address()
    {
        byte[][] seeds = [.. Valid.Select(static row => row.Data.Item2), .. Invalid.Select(static row => row.Data.Item2)];
        var random = new Random(31);
        for (var number = 0; number < 50_000; number++)
        {
            var bytes = seeds[number % seeds.Length].AsSpan(0, Math.Min(300, seeds[number % seeds.Length].Length)).ToArray();
            for (var changes = random.Next(1, 4); changes > 0; changes--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            var received = new ReadOnlySequence<byte>(bytes);
            var before = GC.GetAllocatedBytesForCurrentThread();
            var status = ProxyHeader.Read(received, out var header);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 400);
            if (status == ProxyHeaderStatus.Complete)
                Assert.InRange(header.Length, 1, bytes.Length);
        }
    }

    // Whole, in two parts, with every byte as the border, and each byte alone.
    private static IEnumerable<ReadOnlySequence<byte>> Arrivals(byte[] bytes)
    {
        yield return new ReadOnlySequence<byte>(bytes);
        if (bytes.Length == 0)
            yield break;
        // The middle of something long says nothing new.
        foreach (var border in Enumerable.Range(1, bytes.Length - 1).Where(border => border < 120 || border > bytes.Length - 10))
            yield return Wire.Segmented(bytes, border);
        yield return Wire.Segmented(bytes, [.. Enumerable.Repeat(1, bytes.Length - 1)]);
    }

    private static byte[] Text(string line) => Encoding.ASCII.GetBytes($"{line}\r\n");

    private static byte[] Binary(byte command, byte family, byte[] rest)
    {
        byte[] header = [.. "\r\n\r\n\0\r\nQUIT\n"u8, command, family, 0, 0, .. rest];
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(14), (ushort)rest.Length);
        return header;
    }
}
