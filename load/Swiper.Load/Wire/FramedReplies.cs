using System.Buffers.Binary;
using Swiper.Core.Protocol;

namespace Swiper.Load.Wire;

/// <summary>Counts the complete replies in received bytes.</summary>
internal interface IReplyCounter
{
    /// <param name="bytes">Received bytes, starting at the start of a reply.</param>
    /// <param name="consumed">Size of the complete replies; the rest is passed again, in front of the next bytes.</param>
    int Count(ReadOnlySpan<byte> bytes, out int consumed);
}

/// <summary>Replies of servers without framing: every <paramref name="size"/> bytes are one.</summary>
internal sealed class FixedSizeReplies(int size) : IReplyCounter
{
    public int Count(ReadOnlySpan<byte> bytes, out int consumed)
    {
        var count = bytes.Length / size;
        consumed = count * size;
        return count;
    }
}

/// <summary>
/// Replies of a server that speaks Swiper's protocol. Only the length and two bytes are read: pushes are not replies, and a refusal must
/// not count as work done.
/// </summary>
internal sealed class FramedReplies : IReplyCounter
{
    private const int LengthSize = 4;
    private const int LargestFrame = 1 << 20;

    // length (4), array (1), message type (1), id (5: the requests' ids are all past 16 bits), code or opcode
    private const int TypeOffset = 5;
    private const int IdOffset = 7;
    private const int CodeOffset = 11;

    /// <summary>Replies with a code other than 0.</summary>
    public long Refused { get; private set; }

    /// <summary>The code of the first of them.</summary>
    public long FirstRefusal { get; private set; }

    public static uint IdOfRequest(ReadOnlySpan<byte> frame) => BinaryPrimitives.ReadUInt32BigEndian(frame[IdOffset..]);

    public int Count(ReadOnlySpan<byte> bytes, out int consumed)
    {
        var count = 0;
        var rest = bytes;
        while (TryTake(ref rest, out _))
            count++;
        consumed = bytes.Length - rest.Length;
        return count;
    }

    /// <summary>
    /// Consumes the first complete reply and any pushes before it; false if only pushes or a partial frame are left.
    /// </summary>
    public bool TryTake(ref ReadOnlySpan<byte> bytes, out uint id)
    {
        while (bytes.Length > LengthSize)
        {
            var size = LengthSize + (long)BinaryPrimitives.ReadUInt32BigEndian(bytes);
            if (size is <= TypeOffset or > LargestFrame)
                throw new InvalidDataException($"the server sent an invalid frame size: {size}");
            if (size > bytes.Length)
                break;
            var frame = bytes[..(int)size];
            bytes = bytes[(int)size..];
            if (frame[TypeOffset] != 1)
                continue;
            if (size <= CodeOffset || frame[CodeOffset] != 0)
                NoteCode(frame[LengthSize..]);
            id = size > CodeOffset ? BinaryPrimitives.ReadUInt32BigEndian(frame[IdOffset..]) : 0;
            return true;
        }
        id = 0;
        return false;
    }

    private void NoteCode(ReadOnlySpan<byte> body)
    {
        var reader = new MessagePackReader(body);
        if (!reader.TryReadArrayHeader(out _) || !reader.TryReadInt64(out _) || !reader.TryReadInt64(out _)
            || !reader.TryReadInt64(out var code))
            throw new InvalidDataException("the server sent a frame that is not a reply");
        if (code == 0)
            return;
        if (Refused++ == 0)
            FirstRefusal = code;
    }
}
