using System.Buffers;
using Swiper.Core.Protocol;

namespace Swiper.Core.Tests.Protocol;

public sealed class FrameWriterTests
{
    [Fact]
    public void Many_small_frames_come_out_in_order()
    {
        var output = new ArrayBufferWriter<byte>();
        var frames = new FrameWriter(output);
        for (uint id = 0; id < 5000; id++)
            Write(ref frames, id, size: 5);
        frames.Flush();

        Assert.True(frames.HasFrames);
        Assert.Equal(Enumerable.Range(0, 5000), Read(output, size: _ => 5));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(128)]
    [InlineData(1000)]
    [InlineData(100_000)]
    public void Frames_larger_than_the_buffer_come_out_whole(int size)
    {
        var output = new ArrayBufferWriter<byte>(16);
        var frames = new FrameWriter(output);
        for (uint id = 0; id < 10; id++)
            Write(ref frames, id, size);
        frames.Flush();

        Assert.Equal(Enumerable.Range(0, 10), Read(output, _ => size));
    }

    [Fact]
    public void Frames_of_all_sizes_mixed_with_unended_ones_come_out_whole_and_alone()
    {
        // An output that gives exactly the room it is asked for, so that every kind of growth happens.
        foreach (var output in new IOutput[] { new Roomy(1), new Roomy(100), new Roomy(4096) })
        {
            var sizes = Enumerable.Range(0, 2000).Select(id => id * 7919 % 700).ToArray();
            var frames = new FrameWriter(output);
            for (uint id = 0; id < sizes.Length; id++)
            {
                var dropped = frames.Begin();
                dropped.WriteBinary(new byte[sizes[id] * 31 % 600]);
                dropped.Dispose();
                Write(ref frames, id, sizes[id]);
                if (id % 10 == 0)
                    frames.Flush();
            }
            frames.Flush();

            Assert.Equal(Enumerable.Range(0, sizes.Length), Read(output, id => sizes[id]));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10_000)]
    public void An_unended_frame_leaves_nothing_behind(int size)
    {
        var output = new ArrayBufferWriter<byte>();
        var frames = new FrameWriter(output);
        var dropped = frames.Begin();
        dropped.WriteBinary(new byte[size]);
        dropped.Dispose();
        frames.Flush();

        Assert.False(frames.HasFrames);
        Assert.Equal(0, output.WrittenCount);
    }

    [Fact]
    public void Nothing_reaches_the_output_before_the_flush_and_no_frame_twice()
    {
        var output = new ArrayBufferWriter<byte>(4096);
        var frames = new FrameWriter(output);
        Write(ref frames, 0, size: 10);
        Assert.Equal(0, output.WrittenCount);
        frames.Flush();
        frames.Flush();
        Write(ref frames, 1, size: 10);
        frames.Flush();
        Assert.Equal([0, 1], Read(output, _ => 10));
    }

    [Fact]
    public void The_length_counts_what_was_ended()
    {
        var output = new ArrayBufferWriter<byte>();
        var frames = new FrameWriter(output);
        for (uint id = 0; id < 100; id++)
            Write(ref frames, id, size: (int)id * 13);
        var length = frames.Length;
        frames.Flush();
        Assert.Equal(output.WrittenCount, length);
        Assert.Equal(length, frames.Length);
    }

    private static void Write(ref FrameWriter frames, uint id, int size)
    {
        var frame = frames.Begin();
        Envelope.WriteReply(ref frame, id, StatusCode.Ok);
        frame.WriteArrayHeader(1);
        frame.WriteBinary(Enumerable.Repeat((byte)id, size).ToArray());
        frames.End(ref frame);
    }

    private static List<int> Read(ArrayBufferWriter<byte> output, Func<int, int> size) => Read(output.WrittenSpan, size);

    private static List<int> Read(IOutput output, Func<int, int> size) => Read(output.Written, size);

    private static List<int> Read(ReadOnlySpan<byte> written, Func<int, int> size)
    {
        var ids = new List<int>();
        foreach (var frame in Wire.ReadAll(written))
        {
            var reader = new MessagePackReader(frame.Content);
            Assert.True(reader.TryReadArrayHeader(out _));
            Assert.True(reader.TryReadBinary(out var bytes));
            Assert.Equal(size((int)frame.Id), bytes.Length);
            Assert.False(bytes.ContainsAnyExcept((byte)frame.Id));
            ids.Add((int)frame.Id);
        }
        return ids;
    }

    private interface IOutput : IBufferWriter<byte>
    {
        ReadOnlySpan<byte> Written { get; }
    }

    // Hands out a new buffer each time, of what is asked for or of its least size, and keeps only what was advanced over.
    private sealed class Roomy(int least) : IOutput
    {
        private readonly List<byte> _written = [];
        private byte[] _buffer = [];

        public ReadOnlySpan<byte> Written => _written.ToArray();

        public void Advance(int count) => _written.AddRange(_buffer.AsSpan(0, count));

        public Memory<byte> GetMemory(int sizeHint = 0) => _buffer = new byte[Math.Max(least, Math.Max(1, sizeHint))];

        public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
    }
}
