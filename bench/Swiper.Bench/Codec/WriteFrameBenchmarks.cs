using BenchmarkDotNet.Attributes;

namespace Swiper.Bench.Codec;

/// <summary>The complete hot messages written to memory, against other formats.</summary>
public class WriteFrameBenchmarks : FrameBenchmarks
{
    [Benchmark(Baseline = true)]
    public int Swiper() => Frame.Swiper.Write();

    [Benchmark, BenchmarkCategory(BenchmarkCategories.Rival)]
    public int SystemTextJson() => Frame.Json.Write();

    [Benchmark, BenchmarkCategory(BenchmarkCategories.Rival)]
    public int Protobuf() => Frame.Protobuf.Write();

    [Benchmark, BenchmarkCategory(BenchmarkCategories.Rival)]
    public int MessagePackCSharp() => Frame.MessagePackCSharp.Write();
}
