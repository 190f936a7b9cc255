using System.Globalization;
using System.Text;
using Swiper.Load.Wire;

namespace Swiper.Compare.Protocols;

/// <summary>Encodes commands for Redis.</summary>
internal static class RespCommand
{
    public static byte[] Of(params IReadOnlyList<string> words)
    {
        var text = new StringBuilder($"*{words.Count}\r\n");
        foreach (var word in words)
            text.Append($"${Encoding.UTF8.GetByteCount(word)}\r\n{word}\r\n");
        return Encoding.UTF8.GetBytes(text.ToString());
    }
}

/// <summary>Replies of Redis (RESP 2). An error aborts the measurement.</summary>
internal sealed class RespReplies : IReplyCounter
{
    public int Count(ReadOnlySpan<byte> bytes, out int consumed)
    {
        var count = 0;
        for (consumed = 0; TryMeasure(bytes[consumed..], out var length); consumed += length)
            count++;
        return count;
    }

    /// <summary>The size of the first reply; false if incomplete.</summary>
    public static bool TryMeasure(ReadOnlySpan<byte> bytes, out int length)
    {
        length = 0;
        var end = bytes.IndexOf("\r\n"u8);
        if (end < 0)
            return false;
        length = end + 2;
        switch (bytes[0])
        {
            case (byte)'$':
                length += Math.Max(0, Number(bytes[1..end]) + 2);
                return length <= bytes.Length;
            case (byte)'*':
                for (var left = Number(bytes[1..end]); left > 0; left--)
                {
                    if (!TryMeasure(bytes[length..], out var element))
                        return false;
                    length += element;
                }
                return true;
            case (byte)'-':
                throw new InvalidDataException($"Redis answered: {System.Text.Encoding.UTF8.GetString(bytes[1..end])}");
            default:
                return true;
        }
    }

    private static int Number(ReadOnlySpan<byte> digits) => int.Parse(digits, CultureInfo.InvariantCulture);
}
