using System.Buffers.Binary;
using Swiper.Core.Protocol;

namespace Swiper.Load.Wire;

/// <summary>The request frames of a load: a length, then <c>[0, id, op, args]</c>.</summary>
internal static class RequestFrame
{
    /// <summary>Ids from here to 2^32 take five bytes, so that all frames of a request have the same size.</summary>
    public const uint FirstId = 0x10000;

    /// <summary>Maximum size of the frames made here.</summary>
    public const int LargestSize = 512;

    public delegate void ArgsWriter(ref MessagePackWriter writer);

    /// <summary>A request frame with constant args.</summary>
    public static byte[] Of(Opcode op, uint id, ArgsWriter writeArgs)
    {
        Span<byte> buffer = stackalloc byte[LargestSize];
        var writer = Begin(buffer, op, id);
        writeArgs(ref writer);
        return buffer[..End(buffer, ref writer)].ToArray();
    }

    /// <summary>A writer positioned after the frame's header; the args are written next.</summary>
    public static MessagePackWriter Begin(Span<byte> frame, Opcode op, uint id)
    {
        var writer = new MessagePackWriter(frame[sizeof(uint)..]);
        writer.WriteArrayHeader(4);
        writer.WriteInt64(0);
        writer.WriteInt64(id);
        writer.WriteInt64((long)op);
        return writer;
    }

    /// <summary>Writes the length prefix and returns the size of the frame.</summary>
    public static int End(Span<byte> frame, ref MessagePackWriter writer)
    {
        if (writer.HasOutgrownBuffer)
            throw new InvalidOperationException($"a request is larger than {frame.Length} bytes");
        var length = writer.Written.Length;
        BinaryPrimitives.WriteInt32BigEndian(frame, length);
        return sizeof(uint) + length;
    }
}
