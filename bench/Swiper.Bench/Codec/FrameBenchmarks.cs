using BenchmarkDotNet.Attributes;
using Swiper.Bench.Codec.Frames;

namespace Swiper.Bench.Codec;

/// <summary>Benchmarks of each of the hot messages, in all formats.</summary>
public abstract class FrameBenchmarks
{
    [ParamsSource(nameof(Frames))]
    public FrameCase Frame { get; set; } = null!;

    public static IEnumerable<FrameCase> Frames => HotFrames.All;

    [GlobalSetup]
    public void Verify() => Frame.Verify();
}
