using System.Buffers;

namespace Swiper.Bench.Framing;

/// <summary>Bytes in pieces, as sockets may deliver them.</summary>
internal sealed class Segments : ReadOnlySequenceSegment<byte>
{
    private Segments(ReadOnlyMemory<byte> memory, long start)
    {
        Memory = memory;
        RunningIndex = start;
    }

    public static ReadOnlySequence<byte> Of(ReadOnlySpan<byte> bytes, int size)
    {
        Segments? first = null;
        Segments? last = null;
        for (var start = 0; start < bytes.Length; start += size)
        {
            var segment = new Segments(bytes.Slice(start, Math.Min(size, bytes.Length - start)).ToArray(), start);
            last?.Next = segment;
            first ??= segment;
            last = segment;
        }
        return first is null ? default : new ReadOnlySequence<byte>(first, 0, last!, last!.Memory.Length);
    }
}
