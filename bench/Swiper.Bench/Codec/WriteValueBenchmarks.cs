using BenchmarkDotNet.Attributes;
using Swiper.Core.Protocol;

namespace Swiper.Bench.Codec;

/// <summary>Each kind of value, written in a row into a buffer that has room for all.</summary>
public class WriteValueBenchmarks
{
    private const int Values = 1_000;

    private readonly byte[] _buffer = new byte[512 * Values];
    private readonly string _shortString = new('x', 12);
    private readonly string _longString = new('x', 300);
    private readonly byte[] _binary = new byte[32];

    [GlobalSetup]
    public void Verify()
    {
        Verification.Require(Nil() == Values && Boolean() == Values && ArrayHeader() == Values && MapHeader() == Values,
            "one byte a value");
        Verification.Require(Int8() == Values && Int16() == 3 * Values && Int32() == 5 * Values && Int64() == 9 * Values,
            "integers of each width");
        Verification.Require(Float32() == 5 * Values && Float64() == 9 * Values, "floats of each width");
        Verification.Require(String12Bytes() == 13 * Values && String300Bytes() == 303 * Values && Utf8String12Bytes() == 13 * Values,
            "strings");
        Verification.Require(Binary32Bytes() == 34 * Values, "binaries");
    }

    [Benchmark(OperationsPerInvoke = Values)]
    public int Nil()
    {
        var writer = new MessagePackWriter(_buffer);
        for (var i = 0; i < Values; i++)
            writer.WriteNil();
        return writer.Written.Length;
    }

    [Benchmark(OperationsPerInvoke = Values)]
    public int Boolean()
    {
        var writer = new MessagePackWriter(_buffer);
        for (var i = 0; i < Values; i++)
            writer.WriteBoolean((i & 1) != 0);
        return writer.Written.Length;
    }

    [Benchmark(OperationsPerInvoke = Values)]
    public int Int8() => Integers(100);

    [Benchmark(OperationsPerInvoke = Values)]
    public int Int16() => Integers(-30_000);

    [Benchmark(OperationsPerInvoke = Values)]
    public int Int32() => Integers(-2_000_000_000);

    [Benchmark(OperationsPerInvoke = Values)]
    public int Int64() => Integers(7_654_321_098_765_432);

    [Benchmark(OperationsPerInvoke = Values)]
    public int Float32() => Doubles(0.5);

    [Benchmark(OperationsPerInvoke = Values)]
    public int Float64() => Doubles(52.52);

    [Benchmark(OperationsPerInvoke = Values)]
    public int String12Bytes() => Strings(_shortString);

    [Benchmark(OperationsPerInvoke = Values)]
    public int String300Bytes() => Strings(_longString);

    [Benchmark(OperationsPerInvoke = Values)]
    public int Utf8String12Bytes()
    {
        var writer = new MessagePackWriter(_buffer);
        for (var i = 0; i < Values; i++)
            writer.WriteString("xxxxxxxxxxxx"u8);
        return writer.Written.Length;
    }

    [Benchmark(OperationsPerInvoke = Values)]
    public int Binary32Bytes()
    {
        var writer = new MessagePackWriter(_buffer);
        for (var i = 0; i < Values; i++)
            writer.WriteBinary(_binary);
        return writer.Written.Length;
    }

    [Benchmark(OperationsPerInvoke = Values)]
    public int ArrayHeader()
    {
        var writer = new MessagePackWriter(_buffer);
        for (var i = 0; i < Values; i++)
            writer.WriteArrayHeader(i & 15);
        return writer.Written.Length;
    }

    [Benchmark(OperationsPerInvoke = Values)]
    public int MapHeader()
    {
        var writer = new MessagePackWriter(_buffer);
        for (var i = 0; i < Values; i++)
            writer.WriteMapHeader(i & 15);
        return writer.Written.Length;
    }

    private int Integers(long value)
    {
        var writer = new MessagePackWriter(_buffer);
        for (var i = 0; i < Values; i++)
            writer.WriteInt64(value);
        return writer.Written.Length;
    }

    private int Doubles(double value)
    {
        var writer = new MessagePackWriter(_buffer);
        for (var i = 0; i < Values; i++)
            writer.WriteDouble(value);
        return writer.Written.Length;
    }

    private int Strings(string value)
    {
        var writer = new MessagePackWriter(_buffer);
        for (var i = 0; i < Values; i++)
            writer.WriteString(value);
        return writer.Written.Length;
    }
}
