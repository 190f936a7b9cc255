using BenchmarkDotNet.Attributes;

namespace Swiper.Bench.Codec;

/// <summary>The hot messages read from memory into objects, against other formats. The allocations are the objects.</summary>
public class ReadFrameBenchmarks : FrameBenchmarks
{
    [Benchmark(Baseline = true)]
    public bool Swiper() => Frame.Swiper.Read();

    [Benchmark, BenchmarkCategory(BenchmarkCategories.Rival)]
    public bool SystemTextJson() => Frame.Json.Read();

    [Benchmark, BenchmarkCategory(BenchmarkCategories.Rival)]
    public bool Protobuf() => Frame.Protobuf.Read();

    [Benchmark, BenchmarkCategory(BenchmarkCategories.Rival)]
    public bool MessagePackCSharp() => Frame.MessagePackCSharp.Read();
}
