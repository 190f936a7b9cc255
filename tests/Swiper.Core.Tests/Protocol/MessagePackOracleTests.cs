using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using MessagePack.Resolvers;
using Swiper.Core.Protocol;
using LibraryReader = MessagePack.MessagePackReader;
using Oracle = MessagePack.MessagePackSerializer;

namespace Swiper.Core.Tests.Protocol;

/// <summary>The codec against MessagePack-CSharp.</summary>
public sealed class MessagePackOracleTests
{
    public static readonly TheoryData<long> Integers =
        [0, 1, 127, 128, 255, 256, 65_535, 65_536, 4_294_967_295, 4_294_967_296, long.MaxValue, -1, -32, -33, -128, -129, -32_768,
            -32_769, int.MinValue, -2_147_483_649, long.MinValue];

    [Theory]
    [MemberData(nameof(Integers))]
    public void Integers_are_written_as_the_library_writes_them_and_read_back(long value)
    {
        var writer = new MessagePackWriter(stackalloc byte[16]);
        writer.WriteInt64(value);
        var theirs = Written(value);
        Assert.Equal(theirs, writer.Written.ToArray());

        var reader = new MessagePackReader(theirs);
        Assert.True(reader.TryReadInt64(out var read));
        Assert.Equal(value, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Grüße, 你好 🙂")]
    [InlineData("a string that is longer than thirty-one bytes, so that its length needs a byte of its own")]
    public void Strings_are_written_as_the_library_writes_them(string value)
    {
        var writer = new MessagePackWriter(stackalloc byte[256]);
        writer.WriteString(value);
        Assert.Equal(Written(value), writer.Written.ToArray());
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.1)]
    [InlineData(-1e300)]
    public void Floats_of_the_library_are_read_and_ours_by_the_library(double value)
    {
        var reader = new MessagePackReader(Written(value));
        Assert.True(reader.TryReadDouble(out var read));
        Assert.Equal(value, read);

        var writer = new MessagePackWriter(stackalloc byte[16]);
        writer.WriteDouble(value);
        Assert.Equal(value,
            Oracle.Deserialize<double>(writer.Written.ToArray(), cancellationToken: TestContext.Current.CancellationToken));
    }

    [Fact]
    public void The_vectors_mean_to_the_library_what_they_say()
    {
        foreach (var vector in MessagePackVector.All)
        {
            foreach (var bytes in vector.Encodings)
                Assert.True(MeansTheSame(vector, bytes), $"{vector}: {Convert.ToHexString(bytes)}");
        }
    }

    [Fact]
    public void Values_of_any_shape_are_read_by_the_library_as_they_were_written()
    {
        var random = new Random(1);
        for (var i = 0; i < 2_000; i++)
        {
            var value = AnyValue(random, depth: 4);
            var written = Wire.Write((ref writer) => Write(ref writer, value));
            Assert.True(IsSame(value, Primitive(written)), Convert.ToHexString(written));
        }
    }

    private static readonly MessagePack.MessagePackSerializerOptions Primitives =
        MessagePack.MessagePackSerializerOptions.Standard.WithResolver(PrimitiveObjectResolver.Instance);

    private static object? Primitive(byte[] bytes) =>
        Oracle.Deserialize<object?>(bytes, Primitives, TestContext.Current.CancellationToken);

    private static bool MeansTheSame(MessagePackVector vector, byte[] bytes)
    {
        switch (vector.Kind)
        {
            case "bignum" or "number" when vector.IsInteger:
                // A float is a whole number here.
                return Primitive(bytes) is { } number && vector.Integer == (number is float or double
                    ? new BigInteger(Convert.ToDouble(number, CultureInfo.InvariantCulture))
                    : BigInteger.Parse(Convert.ToString(number, CultureInfo.InvariantCulture)!, CultureInfo.InvariantCulture));
            case "binary":
                return Primitive(bytes) is byte[] binary
                    && binary.AsSpan().SequenceEqual(MessagePackVector.Hex(vector.Value.GetString()!));
            case "ext":
                var extension = new LibraryReader(bytes).ReadExtensionFormat();
                return extension.TypeCode == vector.Value[0].GetInt32()
                    && extension.Data.ToArray().AsSpan().SequenceEqual(MessagePackVector.Hex(vector.Value[1].GetString()!));
            case "timestamp":
                var ticks = (vector.Value[0].GetInt64() * (BigInteger)TimeSpan.TicksPerSecond)
                    + (vector.Value[1].GetInt64() / TimeSpan.NanosecondsPerTick);
                // Years that .NET has no dates of are an extension like any other.
                return ticks < (DateTime.MinValue - DateTime.UnixEpoch).Ticks || ticks > (DateTime.MaxValue - DateTime.UnixEpoch).Ticks
                    ? new LibraryReader(bytes).ReadExtensionFormat().TypeCode == -1
                    : new LibraryReader(bytes).ReadDateTime() == DateTime.UnixEpoch.AddTicks((long)ticks);
            default:
                return MeansTheSame(vector.Value, Primitive(bytes));
        }
    }

    private static bool MeansTheSame(JsonElement expected, object? value) => (expected.ValueKind, value) switch
    {
        (JsonValueKind.Null, null) => true,
        (JsonValueKind.True, true) or (JsonValueKind.False, false) => true,
        (JsonValueKind.String, string text) => expected.GetString() == text,
        (JsonValueKind.Array, object?[] items) =>
            expected.GetArrayLength() == items.Length
                && expected.EnumerateArray().Zip(items).All(pair => MeansTheSame(pair.First, pair.Second)),
        (JsonValueKind.Object, Dictionary<object, object?> pairs) =>
            expected.EnumerateObject().Count() == pairs.Count
            && expected.EnumerateObject().All(pair => pairs.TryGetValue(pair.Name, out var item) && MeansTheSame(pair.Value, item)),
        (JsonValueKind.Number, not null and not string) => expected.GetDouble() == Convert.ToDouble(value, CultureInfo.InvariantCulture),
        _ => false,
    };

    private static bool IsSame(object? expected, object? read) => (expected, read) switch
    {
        (long number, not null and not (float or double)) => number == Convert.ToInt64(read, CultureInfo.InvariantCulture),
        (double number, float or double) => number.Equals(Convert.ToDouble(read, CultureInfo.InvariantCulture)),
        (byte[] one, byte[] other) => one.AsSpan().SequenceEqual(other),
        (object?[] one, object?[] other) => one.Length == other.Length && one.Zip(other).All(pair => IsSame(pair.First, pair.Second)),
        (Dictionary<object, object?> one, Dictionary<object, object?> other) =>
            one.Count == other.Count && one.All(pair => other.TryGetValue(pair.Key, out var item) && IsSame(pair.Value, item)),
        _ => Equals(expected, read),
    };

    private static void Write(ref MessagePackWriter writer, object? value)
    {
        switch (value)
        {
            case null:
                writer.WriteNil();
                break;
            case bool flag:
                writer.WriteBoolean(flag);
                break;
            case long number:
                writer.WriteInt64(number);
                break;
            case double number:
                writer.WriteDouble(number);
                break;
            case string text:
                writer.WriteString(text);
                break;
            case byte[] binary:
                writer.WriteBinary(binary);
                break;
            case object?[] items:
                writer.WriteArrayHeader(items.Length);
                foreach (var item in items)
                    Write(ref writer, item);
                break;
            case Dictionary<object, object?> pairs:
                writer.WriteMapHeader(pairs.Count);
                foreach (var (key, item) in pairs)
                {
                    Write(ref writer, key);
                    Write(ref writer, item);
                }
                break;
            default:
                throw new ArgumentException($"there are no {value.GetType()} here", nameof(value));
        }
    }

    private static object? AnyValue(Random random, int depth) => random.Next(depth > 0 ? 8 : 6) switch
    {
        0 => null,
        1 => random.Next(2) == 0,
        2 => (long)random.Next() << random.Next(33) >> random.Next(33),
        3 => random.NextDouble() * Math.Pow(10, random.Next(-9, 9)),
        4 => new string((char)random.Next('a', 'z'), random.Next(40)),
        5 => Enumerable.Repeat((byte)random.Next(256), random.Next(300)).ToArray(),
        6 => Enumerable.Range(0, random.Next(20)).Select(_ => AnyValue(random, depth - 1)).ToArray(),
        _ => Enumerable.Range(0, random.Next(20)).ToDictionary(i => (object)$"key {i}", _ => AnyValue(random, depth - 1)),
    };

    private static byte[] Written<T>(T value) => Oracle.Serialize(value, cancellationToken: TestContext.Current.CancellationToken);
}
