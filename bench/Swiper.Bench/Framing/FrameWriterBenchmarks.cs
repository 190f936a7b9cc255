using BenchmarkDotNet.Attributes;
using Swiper.Bench.Hosting;
using Swiper.Core.Protocol;

namespace Swiper.Bench.Framing;

/// <summary>Frames written into an output. One operation is one frame.</summary>
public class FrameWriterBenchmarks
{
    private const int Frames = 16;

    private readonly FixedBuffer _output = new(1024 * 1024);
    private readonly byte[] _small = new byte[32];
    private readonly byte[] _large = new byte[20_000];

    [GlobalSetup]
    public void Verify()
    {
        // Length, the header of a binary, its bytes.
        Verification.Require(OneFrame() == 4 + 2 + _small.Length, "the frame is whole");
        Verification.Require(SixteenFrames() == Frames * (4 + 2 + _small.Length), "all frames are whole");
        Verification.Require(OneLargeFrame() == 4 + 3 + _large.Length, "the large frame is whole");
    }

    [Benchmark(Baseline = true)]
    public int OneFrame() => Write(_small, 1);

    [Benchmark(OperationsPerInvoke = Frames)]
    public int SixteenFrames() => Write(_small, Frames);

    /// <summary>Of 20 KB.</summary>
    [Benchmark]
    public int OneLargeFrame() => Write(_large, 1);

    private int Write(byte[] content, int times)
    {
        _output.Clear();
        var frames = new FrameWriter(_output);
        for (var i = 0; i < times; i++)
        {
            var frame = frames.Begin();
            frame.WriteBinary(content);
            frames.End(ref frame);
        }
        frames.Flush();
        return frames.Length;
    }
}
