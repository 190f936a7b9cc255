using BenchmarkDotNet.Attributes;
using Swiper.Bench.Codec.Frames;

namespace Swiper.Bench.Codec;

/// <summary>The hot messages read from memory into objects, beside other formats. What is allocated is the objects.</summary>
public class ReadFrameBenchmarks
{
    [ParamsSource(nameof(Frames))]
    public FrameCase Frame { get; set; } = null!;

    public static IEnumerable<FrameCase> Frames => HotFrames.All;

    [GlobalSetup]
    public void Verify() => Frame.Verify();

    [Benchmark(Baseline = true)]
    public bool Swiper() => Frame.Swiper.Read();

    [Benchmark, BenchmarkCategory(BenchmarkCategories.Rival)]
    public bool SystemTextJson() => Frame.Json.Read();

    [Benchmark, BenchmarkCategory(BenchmarkCategories.Rival)]
    public bool Protobuf() => Frame.Protobuf.Read();

#if SWIPER_FULL
    [Benchmark, BenchmarkCategory(BenchmarkCategories.Rival)]
    public bool MessagePackCSharp() => Frame.MessagePackCSharp.Read();
#endif
}
