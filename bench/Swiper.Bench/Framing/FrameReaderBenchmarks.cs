using System.Buffers;
using BenchmarkDotNet.Attributes;
using Swiper.Bench.Hosting;
using Swiper.Core.Protocol;
using Swiper.Core.Social;

namespace Swiper.Bench.Framing;

/// <summary>Frames parsed from the bytes of a read. One operation is one frame.</summary>
public class FrameReaderBenchmarks
{
    private const int Frames = 16;
    private const int MaxFrame = 64 * 1024;
    private const int SegmentOfFewFrames = 64;

    private static readonly byte[] Frame = RequestFrames.Of(Opcode.Swipe, new SwipeRequest(7_654_321_098_765_432, SwipeKind.Like));

    private readonly ReadOnlySequence<byte> _one = new(Frame);
    private readonly ReadOnlySequence<byte> _many = RequestFrames.Repeated(Frame, Frames);
    private readonly ReadOnlySequence<byte> _cut = Segments.Of(RequestFrames.Repeated(Frame, Frames).FirstSpan, SegmentOfFewFrames);
    private readonly ReadOnlySequence<byte> _byBytes = Segments.Of(RequestFrames.Repeated(Frame, Frames).FirstSpan, 1);

    [GlobalSetup]
    public void Verify()
    {
        var content = Frame.Length - FrameReader.LengthPrefix;
        Verification.Require(OneFrame() == content, "the frame is read");
        Verification.Require(
            SixteenFrames() == Frames * content && SixteenFramesInSegments() == Frames * content
                && SixteenFramesInBytes() == Frames * content,
            "all frames are read");
    }

    [Benchmark(Baseline = true)]
    public int OneFrame() => Read(_one);

    [Benchmark(OperationsPerInvoke = Frames)]
    public int SixteenFrames() => Read(_many);

    /// <summary>Split every 64 bytes.</summary>
    [Benchmark(OperationsPerInvoke = Frames)]
    public int SixteenFramesInSegments() => Read(_cut);

    /// <summary>Split at every byte, the worst a client can do.</summary>
    [Benchmark(OperationsPerInvoke = Frames)]
    public int SixteenFramesInBytes() => Read(_byBytes);

    private static int Read(in ReadOnlySequence<byte> received)
    {
        using var frames = new FrameReader(received, MaxFrame);
        var length = 0;
        while (frames.Read(out var frame) == FrameStatus.Frame)
            length += frame.Length;
        return length;
    }
}
