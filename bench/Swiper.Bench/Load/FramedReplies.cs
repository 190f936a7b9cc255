using System.Buffers.Binary;
using Swiper.Core.Protocol;

namespace Swiper.Bench.Load;

/// <summary>
/// Replies of a server that speaks Swiper's frames. Only the length is parsed, and two bytes are looked at: pushes are not replies, and a
/// refusal must not count as work done.
/// </summary>
internal sealed class FramedReplies : IReplyCounter
{
    private const int LengthSize = 4;
    private const int LargestFrame = 1 << 20;

    // length (4), array (1), message type (1), id (5: the requests' ids are all past 16 bits), code
    private const int TypeOffset = 5;
    private const int CodeOffset = 11;

    /// <summary>Replies whose code was not 0.</summary>
    public long Refused { get; private set; }

    /// <summary>The code of the first of them.</summary>
    public long FirstRefusal { get; private set; }

    public int Count(ReadOnlySpan<byte> bytes, out int consumed)
    {
        var count = 0;
        consumed = 0;
        while (bytes.Length - consumed > LengthSize)
        {
            var frame = bytes[consumed..];
            var size = LengthSize + (long)BinaryPrimitives.ReadUInt32BigEndian(frame);
            if (size is <= TypeOffset or > LargestFrame)
                throw new InvalidDataException($"the server sent {size} as the size of a frame");
            if (size > frame.Length)
                break;
            if (frame[TypeOffset] == 1)
            {
                count++;
                if (size <= CodeOffset || frame[CodeOffset] != 0)
                    NoteCode(frame[LengthSize..]);
            }
            consumed += (int)size;
        }
        return count;
    }

    private void NoteCode(ReadOnlySpan<byte> body)
    {
        var reader = new MessagePackReader(body);
        if (!reader.TryReadArrayHeader(out _) || !reader.TryReadInt64(out _) || !reader.TryReadInt64(out _) || !reader.TryReadInt64(out var code))
            throw new InvalidDataException("the server sent a frame that is not a reply");
        if (code == 0)
            return;
        if (Refused++ == 0)
            FirstRefusal = code;
    }
}
