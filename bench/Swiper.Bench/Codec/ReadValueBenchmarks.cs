using BenchmarkDotNet.Attributes;
using Swiper.Core.Protocol;

namespace Swiper.Bench.Codec;

/// <summary>Each kind of value, read from a row of them.</summary>
public class ReadValueBenchmarks
{
    private const int Values = 1_000;

    private readonly byte[] _nils = Encoded.Nils(Values);
    private readonly byte[] _booleans = Encoded.Booleans(Values);
    private readonly byte[] _fixInts = Encoded.Integers(Values, 100);
    private readonly byte[] _int16s = Encoded.Integers(Values, -30_000);
    private readonly byte[] _int32s = Encoded.Integers(Values, -2_000_000_000);
    private readonly byte[] _int64s = Encoded.Integers(Values, 7_654_321_098_765_432);
    private readonly byte[] _float32s = Encoded.Doubles(Values, 0.5);
    private readonly byte[] _float64s = Encoded.Doubles(Values, 52.52);
    private readonly byte[] _shortStrings = Encoded.Strings(Values, 12);
    private readonly byte[] _longStrings = Encoded.Strings(Values, 300);
    private readonly byte[] _binaries = Encoded.Binaries(Values, 32);
    private readonly byte[] _arrays = Encoded.Arrays(Values);
    private readonly byte[] _maps = Encoded.Maps(Values);
    private readonly byte[] _extensions = Encoded.Extensions(Values);
    private readonly byte[] _pairs = Encoded.Pairs(Values);
    private readonly byte[] _nestedPairs = Encoded.NestedPairs(Values);

    [GlobalSetup]
    public void Verify()
    {
        foreach (var values in new[] { _nils, _booleans, _fixInts, _int16s, _int32s, _int64s, _float32s, _float64s, _shortStrings,
            _longStrings, _binaries, _arrays, _maps, _extensions, _pairs, _nestedPairs })
            Verification.Require(Skipped(values) == Values, "the row holds that many values");
        Verification.Require(Nil() == Values && Boolean() == Values && String12Bytes() == Values * 12 && String300Bytes() == Values * 300
            && Binary32Bytes() == Values * 32 && ArrayHeader() == Values && MapHeader() == Values && Extension() == Values * 8,
                "each value is read");
        Verification.Require(Int8() == Values * 100L && Int16() == Values * -30_000L && Int32() == Values * -2_000_000_000L
            && Int64() == Values * 7_654_321_098_765_432L, "integers are what was written");
        Verification.Require(Float32() == Values * 0.5 && Math.Abs(Float64() - Values * 52.52) < 1e-6, "floats are what was written");
    }

    [Benchmark(OperationsPerInvoke = Values)]
    public int Nil()
    {
        var reader = new MessagePackReader(_nils);
        var read = 0;
        while (reader.TryReadNil())
            read++;
        return read;
    }

    [Benchmark(OperationsPerInvoke = Values)]
    public int Boolean()
    {
        var reader = new MessagePackReader(_booleans);
        var read = 0;
        while (reader.TryReadBoolean(out _))
            read++;
        return read;
    }

    [Benchmark(OperationsPerInvoke = Values)]
    public long Int8() => SumOf(_fixInts);

    [Benchmark(OperationsPerInvoke = Values)]
    public long Int16() => SumOf(_int16s);

    [Benchmark(OperationsPerInvoke = Values)]
    public long Int32() => SumOf(_int32s);

    [Benchmark(OperationsPerInvoke = Values)]
    public long Int64() => SumOf(_int64s);

    [Benchmark(OperationsPerInvoke = Values)]
    public double Float32() => SumOfDoubles(_float32s);

    [Benchmark(OperationsPerInvoke = Values)]
    public double Float64() => SumOfDoubles(_float64s);

    [Benchmark(OperationsPerInvoke = Values)]
    public int String12Bytes() => LengthOfStrings(_shortStrings);

    [Benchmark(OperationsPerInvoke = Values)]
    public int String300Bytes() => LengthOfStrings(_longStrings);

    [Benchmark(OperationsPerInvoke = Values)]
    public int Binary32Bytes()
    {
        var reader = new MessagePackReader(_binaries);
        var length = 0;
        while (reader.TryReadBinary(out var bytes))
            length += bytes.Length;
        return length;
    }

    [Benchmark(OperationsPerInvoke = Values)]
    public int ArrayHeader()
    {
        var reader = new MessagePackReader(_arrays);
        var read = 0;
        while (reader.TryReadArrayHeader(out _))
            read++;
        return read;
    }

    [Benchmark(OperationsPerInvoke = Values)]
    public int MapHeader()
    {
        var reader = new MessagePackReader(_maps);
        var read = 0;
        while (reader.TryReadMapHeader(out _))
            read++;
        return read;
    }

    [Benchmark(OperationsPerInvoke = Values)]
    public int Extension()
    {
        var reader = new MessagePackReader(_extensions);
        var length = 0;
        while (reader.TryReadExtension(out _, out var bytes))
            length += bytes.Length;
        return length;
    }

    [Benchmark(OperationsPerInvoke = Values)]
    public int SkipInt64() => Skipped(_int64s);

    [Benchmark(OperationsPerInvoke = Values)]
    public int SkipArrayOfTwo() => Skipped(_pairs);

    [Benchmark(OperationsPerInvoke = Values)]
    public int SkipArrayInArray() => Skipped(_nestedPairs);

    private static long SumOf(byte[] integers)
    {
        var reader = new MessagePackReader(integers);
        var sum = 0L;
        while (reader.TryReadInt64(out var value))
            sum += value;
        return sum;
    }

    private static double SumOfDoubles(byte[] floats)
    {
        var reader = new MessagePackReader(floats);
        var sum = 0.0;
        while (reader.TryReadDouble(out var value))
            sum += value;
        return sum;
    }

    private static int LengthOfStrings(byte[] strings)
    {
        var reader = new MessagePackReader(strings);
        var length = 0;
        while (reader.TryReadString(out var utf8))
            length += utf8.Length;
        return length;
    }

    private static int Skipped(byte[] values)
    {
        var reader = new MessagePackReader(values);
        var skipped = 0;
        while (reader.TrySkip())
            skipped++;
        return skipped;
    }
}
