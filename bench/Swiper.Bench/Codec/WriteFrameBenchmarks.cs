using BenchmarkDotNet.Attributes;
using Swiper.Bench.Codec.Frames;

namespace Swiper.Bench.Codec;

/// <summary>The hot messages written whole into memory, beside other formats.</summary>
public class WriteFrameBenchmarks
{
    [ParamsSource(nameof(Frames))]
    public FrameCase Frame { get; set; } = null!;

    public static IEnumerable<FrameCase> Frames => HotFrames.All;

    [GlobalSetup]
    public void Verify() => Frame.Verify();

    [Benchmark(Baseline = true)]
    public int Swiper() => Frame.Swiper.Write();

    [Benchmark, BenchmarkCategory(BenchmarkCategories.Rival)]
    public int SystemTextJson() => Frame.Json.Write();

    [Benchmark, BenchmarkCategory(BenchmarkCategories.Rival)]
    public int Protobuf() => Frame.Protobuf.Write();

#if SWIPER_FULL
    [Benchmark, BenchmarkCategory(BenchmarkCategories.Rival)]
    public int MessagePackCSharp() => Frame.MessagePackCSharp.Write();
#endif
}
