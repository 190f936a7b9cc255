using System.Buffers;

namespace Swiper.Bench.Hosting;

/// <summary>A buffer that is repeatedly written from its start.</summary>
internal sealed class FixedBuffer(int size) : IBufferWriter<byte>
{
    private readonly byte[] _bytes = new byte[size];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public ReadOnlySequence<byte> Sequence => new(_bytes, 0, Length);

    public void Clear() => Length = 0;

    public void Advance(int count) => Length += count;

    public Memory<byte> GetMemory(int sizeHint = 0) => _bytes.AsMemory(Length);

    public Span<byte> GetSpan(int sizeHint = 0) => _bytes.AsSpan(Length);
}
