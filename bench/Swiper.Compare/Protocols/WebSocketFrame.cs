using System.Buffers.Binary;

namespace Swiper.Compare.Protocols;

/// <summary>A WebSocket frame (RFC 6455): the header of a received one, or one to send.</summary>
/// <param name="IsLast">The last frame of its message.</param>
/// <param name="Opcode">0 continues a message, 1 is text; 8 and above are control frames.</param>
/// <param name="HeadSize">Bytes before the payload.</param>
/// <param name="PayloadSize">Bytes of payload.</param>
internal readonly record struct WebSocketFrame(bool IsLast, int Opcode, int HeadSize, int PayloadSize)
{
    public const int Close = 8;

    private const int Text = 1;
    private const int LargestPayload = 1 << 20;

    public bool IsControl => Opcode >= Close;

    public int Size => HeadSize + PayloadSize;

    /// <summary>False if the frame is incomplete.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out WebSocketFrame frame)
    {
        frame = default;
        if (bytes.Length < 2)
            return false;
        // Server frames are unmasked, so the top bit must be 0.
        var (head, size) = bytes[1] switch
        {
            < 126 => (2, (ulong)bytes[1]),
            126 => (4, bytes.Length < 4 ? 0UL : BinaryPrimitives.ReadUInt16BigEndian(bytes[2..])),
            127 => (10, bytes.Length < 10 ? 0UL : BinaryPrimitives.ReadUInt64BigEndian(bytes[2..])),
            _ => throw new InvalidDataException("the server sent a masked frame"),
        };
        if (size > LargestPayload)
            throw new InvalidDataException($"the server sent a frame of {size} bytes");
        frame = new WebSocketFrame((bytes[0] & 0x80) != 0, bytes[0] & 0xF, head, (int)size);
        return frame.Size <= bytes.Length;
    }

    /// <summary>A text message as a client sends it.</summary>
    /// <param name="payload">At most 65,535 bytes.</param>
    /// <param name="mask">
    /// The mask of every byte: all four key bytes are equal, so that the masked payload can be modified in place.
    /// </param>
    public static byte[] OfText(ReadOnlySpan<byte> payload, byte mask)
    {
        byte[] head = payload.Length < 126
            ? [0x80 | Text, (byte)(0x80 | payload.Length), mask, mask, mask, mask]
            : [0x80 | Text, 0x80 | 126, (byte)(payload.Length >> 8), (byte)payload.Length, mask, mask, mask, mask];
        var frame = new byte[head.Length + payload.Length];
        head.CopyTo(frame, 0);
        for (var i = 0; i < payload.Length; i++)
            frame[head.Length + i] = (byte)(payload[i] ^ mask);
        return frame;
    }
}
