using System.Buffers;
using System.Buffers.Binary;
using Swiper.Core.Protocol;

namespace Swiper.Core.Tests.Protocol;

/// <summary>The same streams however the network may cut them.</summary>
public sealed class FrameReaderTests
{
    private const int MaxFrame = 300;

    public static TheoryData<string, int[]> Streams => new()
    {
        { "one byte", [1] },
        { "the largest", [MaxFrame] },
        { "several", [1, 5, 255, 256, 3, MaxFrame, 1] },
        { "many small ones", [.. Enumerable.Repeat(2, 50)] },
    };

    [Theory]
    [MemberData(nameof(Streams))]
    public void A_stream_reads_whole(string name, int[] lengths)
    {
        var (stream, frames) = Stream(lengths);
        Assert.True(frames.Count > 0, name);
        ReadsAs(frames, new ReadOnlySequence<byte>(stream), leftover: 0);
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public void A_stream_reads_split_at_every_byte(string name, int[] lengths)
    {
        var (stream, frames) = Stream(lengths);
        Assert.True(frames.Count > 0, name);
        for (var at = 0; at <= stream.Length; at++)
            ReadsAs(frames, Wire.Segmented(stream, at), leftover: 0);
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public void A_stream_reads_one_byte_a_segment(string name, int[] lengths)
    {
        var (stream, frames) = Stream(lengths);
        Assert.True(frames.Count > 0, name);
        ReadsAs(frames, Wire.Segmented(stream, [.. Enumerable.Repeat(1, stream.Length)]), leftover: 0);
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public void A_stream_that_ends_anywhere_reads_up_to_its_last_whole_frame(string name, int[] lengths)
    {
        var (stream, frames) = Stream(lengths);
        Assert.True(frames.Count > 0, name);
        for (var end = 0; end < stream.Length; end++)
        {
            var (whole, used) = WholeFrames(frames, end);
            ReadsAs(whole, new ReadOnlySequence<byte>(stream, 0, end), leftover: end - used);
            ReadsAs(whole, Wire.Segmented(stream.AsMemory(0, end), end / 2), leftover: end - used);
        }
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public void A_stream_that_arrives_byte_by_byte_gives_each_frame_once(string name, int[] lengths)
    {
        var (stream, frames) = Stream(lengths);
        var given = new List<byte[]>();
        var start = 0;
        for (var end = 1; end <= stream.Length; end++)
        {
            var received = new ReadOnlySequence<byte>(stream, start, end - start);
            using var reader = new FrameReader(received, MaxFrame);
            FrameStatus status;
            while ((status = reader.Read(out var frame)) == FrameStatus.Frame)
            {
                given.Add(frame.ToArray());
                Assert.True(given.Count <= frames.Count, $"{name}: frames are given again");
            }
            Assert.Equal(FrameStatus.Incomplete, status);
            start += (int)received.Slice(0, reader.Consumed).Length;
        }
        Assert.True(frames.SequenceEqual(given, ByteArrays.Equal), name);
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(MaxFrame + 1u)]
    [InlineData(0x7fff_ffffu)]
    [InlineData(0x8000_0000u)]
    [InlineData(0xffff_ffffu)]
    [InlineData(0x4745_5420u)] // "GET "
    [InlineData(0x1603_0102u)] // a TLS ClientHello
    public void A_length_of_zero_or_above_the_limit_is_no_frame_wherever_it_is_split(uint length)
    {
        var (before, frames) = Stream([3, 7]);
        byte[] stream = [.. before, 0, 0, 0, 0, 1, 2, 3];
        BinaryPrimitives.WriteUInt32BigEndian(stream.AsSpan(before.Length), length);
        for (var at = 0; at <= stream.Length; at++)
        {
            using var reader = new FrameReader(Wire.Segmented(stream, at), MaxFrame);
            foreach (var expected in frames)
            {
                Assert.Equal(FrameStatus.Frame, reader.Read(out var frame));
                Assert.Equal(expected, frame);
            }
            Assert.Equal(FrameStatus.BadLength, reader.Read(out _));
        }
    }

    [Fact]
    public void A_bad_length_is_known_before_anything_of_its_frame_arrives()
    {
        using var reader = new FrameReader(new ReadOnlySequence<byte>([0, 0, 1, 45]), MaxFrame);
        Assert.Equal(FrameStatus.BadLength, reader.Read(out _));
    }

    [Fact]
    public void A_frame_in_one_segment_is_handed_out_in_place()
    {
        var (stream, _) = Stream([20]);
        using var reader = new FrameReader(new ReadOnlySequence<byte>(stream), MaxFrame);
        Assert.Equal(FrameStatus.Frame, reader.Read(out var frame));
        Assert.True(stream.AsSpan(FrameReader.LengthPrefix) == frame);
    }

    [Fact]
    public void Frames_across_segments_cost_no_garbage_because_their_buffer_goes_back()
    {
        var (stream, _) = Stream([.. Enumerable.Repeat(200, 20)]);
        var received = Wire.Segmented(stream, [.. Enumerable.Repeat(100, stream.Length / 100)]);
        var read = 0;
        for (var round = 0; round < 10; round++)
            read += Count(received);

        // The least of some rounds: the pool gives memory back when other tests make the collector run.
        var least = long.MaxValue;
        for (var round = 0; round < 100; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            read += Count(received);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        Assert.Equal(0, least);
        Assert.Equal(20 * 110, read);
    }

    private static int Count(ReadOnlySequence<byte> received)
    {
        using var reader = new FrameReader(received, MaxFrame);
        var count = 0;
        while (count <= received.Length && reader.Read(out _) == FrameStatus.Frame)
            count++;
        return count;
    }

    private static void ReadsAs(List<byte[]> frames, ReadOnlySequence<byte> received, int leftover)
    {
        using var reader = new FrameReader(received, MaxFrame);
        foreach (var expected in frames)
        {
            Assert.Equal(FrameStatus.Frame, reader.Read(out var frame));
            Assert.True(frame.SequenceEqual(expected));
        }
        Assert.Equal(FrameStatus.Incomplete, reader.Read(out _));
        Assert.Equal(leftover, received.Slice(reader.Consumed).Length);
        Assert.Equal(leftover > 0, reader.HasPartialFrame);
    }

    private static (List<byte[]> Frames, int Used) WholeFrames(List<byte[]> frames, int end)
    {
        var used = 0;
        var whole = frames.TakeWhile(frame =>
        {
            if (used + FrameReader.LengthPrefix + frame.Length > end)
                return false;
            used += FrameReader.LengthPrefix + frame.Length;
            return true;
        }).ToList();
        return (whole, used);
    }

    private static (byte[] Stream, List<byte[]> Frames) Stream(int[] lengths)
    {
        var random = new Random(7);
        var frames = lengths.Select(length =>
        {
            var frame = new byte[length];
            random.NextBytes(frame);
            return frame;
        }).ToList();
        return ([.. frames.SelectMany(frame => Wire.Frame(frame))], frames);
    }

    private static class ByteArrays
    {
        public static IEqualityComparer<byte[]> Equal { get; } =
            EqualityComparer<byte[]>.Create((one, other) => one.AsSpan().SequenceEqual(other), bytes => bytes.Length);
    }
}
