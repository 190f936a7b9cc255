using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Swiper.Load.Wire;

namespace Swiper.Compare.Protocols;

/// <summary>Replies of an HTTP/1.1 server, with a length or chunked. A status other than 200 aborts the measurement.</summary>
internal sealed class HttpReplies : IReplyCounter
{
    private const int LargestHead = 8 * 1024;
    private const int LargestChunkHead = 32;

    public int Count(ReadOnlySpan<byte> bytes, out int consumed)
    {
        var count = 0;
        for (consumed = 0; TryMeasure(bytes[consumed..], out _, out var length); consumed += length)
            count++;
        return count;
    }

    /// <summary>The sizes of the first reply's head, including the empty line, and of the whole reply; false if incomplete.</summary>
    public static bool TryMeasure(ReadOnlySpan<byte> bytes, out int head, out int length)
    {
        length = 0;
        head = bytes.IndexOf("\r\n\r\n"u8) + 4;
        if (head < 4)
            return bytes.Length <= LargestHead ? false : throw new InvalidDataException("the server sent too long a response head");
        if (!bytes.StartsWith("HTTP/1.1 200 "u8))
            throw new InvalidDataException($"the server answered: {FirstLine(bytes)}");
        return TryMeasureBody(bytes[..head], bytes[head..], out var body) && (length = head + body) <= bytes.Length;
    }

    /// <summary>The body of a complete reply, without chunk headers.</summary>
    public static byte[] BodyOf(ReadOnlySpan<byte> reply)
    {
        if (!TryMeasure(reply, out var head, out _))
            throw new InvalidDataException("the reply is incomplete");
        var rest = reply[head..];
        if (!IsChunked(reply[..head]))
            return rest.ToArray();
        var body = new List<byte>();
        while (TryMeasureChunk(rest, out var start, out var size) && size > 0)
        {
            body.AddRange(rest.Slice(start, size));
            rest = rest[(start + size + 2)..];
        }
        return [.. body];
    }

    private static bool TryMeasureBody(ReadOnlySpan<byte> head, ReadOnlySpan<byte> bytes, out int length)
    {
        if (IsChunked(head))
            return TryMeasureChunks(bytes, out length);
        var name = "\r\nContent-Length: "u8;
        var at = head.IndexOf(name);
        return at >= 0 && Utf8Parser.TryParse(head[(at + name.Length)..], out length, out _) && length >= 0
            ? true
            : throw new InvalidDataException("the server sent a reply without a length");
    }

    private static bool IsChunked(ReadOnlySpan<byte> head) => head.IndexOf("\r\nTransfer-Encoding: chunked\r\n"u8) >= 0;

    // A chunk is its size in hexadecimal, CRLF, that many bytes, CRLF; the last chunk is empty.
    private static bool TryMeasureChunks(ReadOnlySpan<byte> bytes, out int length)
    {
        length = 0;
        while (TryMeasureChunk(bytes[length..], out var start, out var size))
        {
            if (start + size + 2 > bytes.Length - length)
                return false;
            length += start + size + 2;
            if (size == 0)
                return true;
        }
        return false;
    }

    private static bool TryMeasureChunk(ReadOnlySpan<byte> bytes, out int start, out int size)
    {
        size = 0;
        start = bytes.IndexOf("\r\n"u8) + 2;
        if (start < 2)
            return bytes.Length <= LargestChunkHead ? false : throw new InvalidDataException("the server sent a chunk without a size");
        return int.TryParse(bytes[..(start - 2)], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out size) && size >= 0
            ? true
            : throw new InvalidDataException("the server sent a chunk with an invalid size");
    }

    private static string FirstLine(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes[..bytes.IndexOf("\r\n"u8)]);
}
