using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Swiper.Core.Protocol;

namespace Swiper.Core.Tests.Protocol;

/// <summary>The reader and the writer against vectors.</summary>
public sealed class MessagePackVectorTests
{
    [Fact]
    public void There_are_vectors_of_every_family_of_values() => Assert.Equal(
        ["array", "bignum", "binary", "bool", "ext", "map", "nil", "number", "string", "timestamp"],
        MessagePackVector.Own.Select(vector => vector.Kind).Distinct().Order());

    // The fixed formats hold a number or a length besides; 0xc1 is never used.
    [Fact]
    public void There_are_vectors_of_every_format() => Assert.Equal(
        [0x00, 0x80, 0x90, 0xa0, 0xc0, .. Enumerable.Range(0xc2, 0xe0 - 0xc2 + 1)],
        MessagePackVector.Own.SelectMany(vector => vector.Encodings).Select(bytes => Format(bytes[0])).Distinct().Order());

    [Fact]
    public void Every_encoding_reads_as_its_value()
    {
        foreach (var vector in MessagePackVector.All)
        {
            foreach (var bytes in vector.Encodings)
            {
                var reader = new MessagePackReader(bytes);
                ReadAndCompare(vector, ref reader);
                Assert.True(reader.Remaining == 0, $"{vector} left bytes of {Convert.ToHexString(bytes)}");
            }
        }
    }

    [Fact]
    public void Every_encoding_is_passed_whole()
    {
        foreach (var bytes in MessagePackVector.All.SelectMany(vector => vector.Encodings))
        {
            byte[] followed = [.. bytes, 0xc0];
            var reader = new MessagePackReader(followed);
            Assert.True(reader.TrySkip());
            Assert.Equal(bytes.Length, reader.Consumed);

            reader = new MessagePackReader(followed);
            Assert.True(reader.TryReadRaw(out var raw));
            Assert.Equal(bytes, raw);
        }
    }

    [Fact]
    public void What_is_cut_off_at_any_byte_is_refused_without_moving()
    {
        foreach (var bytes in MessagePackVector.All.SelectMany(vector => vector.Encodings))
        {
            for (var length = 0; length < bytes.Length; length++)
                RefusesToPass(bytes.AsSpan(0, length));
        }
    }

    [Fact]
    public void Scalars_that_are_cut_off_are_refused_by_their_own_readers_without_moving()
    {
        foreach (var vector in MessagePackVector.All.Where(vector => vector.Kind is not ("array" or "map")))
        {
            foreach (var bytes in vector.Encodings)
            {
                for (var length = 0; length < bytes.Length; length++)
                    RefusesAsAnything(bytes.AsSpan(0, length));
            }
        }
    }

    [Fact]
    public void A_reader_asked_for_another_kind_refuses_without_moving()
    {
        foreach (var vector in MessagePackVector.All)
        {
            foreach (var bytes in vector.Encodings)
            {
                var reader = new MessagePackReader(bytes);
                Assert.Equal(vector.Kind == "nil", reader.TryReadNil());
                Assert.Equal(vector.Kind == "nil", reader.Consumed > 0);
                reader = new MessagePackReader(bytes);
                Assert.Equal(vector.Kind == "bool", reader.TryReadBoolean(out _));
                Assert.Equal(vector.Kind == "bool", reader.Consumed > 0);
                reader = new MessagePackReader(bytes);
                Assert.Equal(vector.Kind is "number" or "bignum", reader.TryReadDouble(out _));
                Assert.Equal(vector.Kind is "number" or "bignum", reader.Consumed > 0);
                reader = new MessagePackReader(bytes);
                Assert.Equal(vector.Kind == "string", reader.TryReadString(out _));
                Assert.Equal(vector.Kind == "string", reader.Consumed > 0);
                reader = new MessagePackReader(bytes);
                Assert.Equal(vector.Kind == "binary", reader.TryReadBinary(out _));
                Assert.Equal(vector.Kind == "binary", reader.Consumed > 0);
                reader = new MessagePackReader(bytes);
                Assert.Equal(vector.Kind is "ext" or "timestamp", reader.TryReadExtension(out _, out _));
                Assert.Equal(vector.Kind is "ext" or "timestamp", reader.Consumed > 0);
                reader = new MessagePackReader(bytes);
                Assert.Equal(vector.Kind == "array", reader.TryReadArrayHeader(out _));
                Assert.Equal(vector.Kind == "array", reader.Consumed > 0);
                reader = new MessagePackReader(bytes);
                Assert.Equal(vector.Kind == "map", reader.TryReadMapHeader(out _));
                Assert.Equal(vector.Kind == "map", reader.Consumed > 0);
            }
        }
    }

    [Fact]
    public void What_is_written_is_the_shortest_accepted_encoding()
    {
        // Values of extensions and integers above an i64 have no writer: nothing of the wire needs them.
        foreach (var vector in MessagePackVector.All.Where(vector => vector.Kind is not ("timestamp" or "ext")))
        {
            if (vector.IsInteger && vector.Integer > long.MaxValue)
                continue;
            var written = Wire.Write((ref writer) => Write(vector, ref writer));
            Assert.Contains(written, vector.Encodings);
            // Of an integer, the shortest that is one: there are also floats of whole values.
            var shortest = vector.Encodings.Where(bytes => !vector.IsInteger || bytes[0] is not (0xca or 0xcb)).Min(bytes => bytes.Length);
            Assert.True(written.Length == shortest, $"{vector} is written as {Convert.ToHexString(written)}");
        }
    }

    [Theory]
    [InlineData("cb-40-09-21-fb-54-44-2d-18", Math.PI)]
    [InlineData("ca-7f-80-00-00", double.PositiveInfinity)]
    [InlineData("ca-80-00-00-00", -0.0)]
    [InlineData("ca-3f-c0-00-00", 1.5)]
    public void A_float_is_written_in_the_width_that_loses_nothing(string expected, double value) =>
        Assert.Equal(MessagePackVector.Hex(expected), Wire.Write((ref writer) => writer.WriteDouble(value)));

    [Theory]
    [InlineData(31, 1)]
    [InlineData(32, 2)]
    [InlineData(255, 2)]
    [InlineData(256, 3)]
    [InlineData(65535, 3)]
    [InlineData(65536, 5)]
    public void Strings_and_binaries_of_all_lengths_come_back(int length, int stringHeader)
    {
        var text = new string('x', length);
        var asString = Wire.Write((ref writer) => writer.WriteString(text));
        Assert.Equal(stringHeader + length, asString.Length);
        Assert.Equal(asString, Wire.Write((ref writer) => writer.WriteString(Encoding.UTF8.GetBytes(text))));
        var reader = new MessagePackReader(asString);
        Assert.True(reader.TryReadString(out var utf8));
        Assert.Equal(text, Encoding.UTF8.GetString(utf8));

        var asBinary = Wire.Write((ref writer) => writer.WriteBinary(Encoding.UTF8.GetBytes(text)));
        reader = new MessagePackReader(asBinary);
        Assert.True(reader.TryReadBinary(out var bytes));
        Assert.Equal(length, bytes.Length);
    }

    [Theory]
    [InlineData(15, 1)]
    [InlineData(16, 3)]
    [InlineData(65535, 3)]
    [InlineData(65536, 5)]
    public void Containers_of_all_sizes_come_back(int count, int header)
    {
        var array = Wire.Write((ref writer) =>
        {
            writer.WriteArrayHeader(count);
            for (var i = 0; i < count; i++)
                writer.WriteInt64(1);
        });
        Assert.Equal(header + count, array.Length);
        var reader = new MessagePackReader(array);
        Assert.True(reader.TryReadArrayHeader(out var elements));
        Assert.Equal(count, elements);
        Assert.True(new MessagePackReader(array).TrySkip());

        var map = Wire.Write((ref writer) =>
        {
            writer.WriteMapHeader(count);
            for (var i = 0; i < 2 * count; i++)
                writer.WriteInt64(1);
        });
        Assert.Equal(header + 2 * count, map.Length);
        reader = new MessagePackReader(map);
        Assert.True(reader.TryReadMapHeader(out var pairs));
        Assert.Equal(count, pairs);
        Assert.True(new MessagePackReader(map).TrySkip());
    }

    [Fact]
    public void Integers_around_every_boundary_come_back()
    {
        foreach (var shift in Enumerable.Range(0, 64))
        {
            foreach (var value in new[] { (1L << shift) - 1, 1L << shift, (1L << shift) + 1, -(1L << shift) - 1, -(1L << shift),
                -(1L << shift) + 1 })
            {
                var reader = new MessagePackReader(Wire.Write((ref writer) => writer.WriteInt64(value)));
                Assert.True(reader.TryReadInt64(out var read));
                Assert.Equal(value, read);
                Assert.Equal(0, reader.Remaining);
            }
        }
    }

    [Theory]
    [InlineData("cb-43-3f-ff-ff-ff-ff-ff-ff", (1L << 53) - 1)]
    [InlineData("cb-c3-3f-ff-ff-ff-ff-ff-ff", -(1L << 53) + 1)]
    [InlineData("ca-4f-80-00-00", 1L << 32)]
    public void Floats_that_are_exactly_one_integer_are_read_as_it(string hex, long expected)
    {
        var reader = new MessagePackReader(MessagePackVector.Hex(hex));
        Assert.True(reader.TryReadInt64(out var value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("cb-43-40-00-00-00-00-00-01")] // 2^53 + 2: its neighbours can't be told from it
    [InlineData("cb-43-40-00-00-00-00-00-00")] // 2^53: what 2^53 + 1 becomes, too
    [InlineData("cb-c3-40-00-00-00-00-00-00")]
    [InlineData("ca-5a-00-00-00")] // the same in 32 bits
    [InlineData("cb-7f-f8-00-00-00-00-00-00")] // not a number
    [InlineData("ca-7f-80-00-00")] // infinity
    [InlineData("cb-3f-f8-00-00-00-00-00-00")] // 1.5
    public void Floats_that_are_no_exact_integer_are_not_read_as_one(string hex)
    {
        var reader = new MessagePackReader(MessagePackVector.Hex(hex));
        Assert.False(reader.TryReadInt64(out _));
        Assert.Equal(0, reader.Consumed);
        Assert.True(reader.TryReadDouble(out _));
    }

    [Fact]
    public void The_byte_that_the_specification_never_uses_is_refused()
    {
        var reader = new MessagePackReader([0xc1]);
        Assert.Equal(MessagePackKind.Invalid, reader.NextKind);
        Assert.False(reader.TrySkip());
        Assert.Equal(MessagePackKind.End, new MessagePackReader([]).NextKind);
    }

    private static int Format(byte first) => first switch
    {
        < 0x80 => 0x00,
        < 0x90 => 0x80,
        < 0xa0 => 0x90,
        < 0xc0 => 0xa0,
        >= 0xe0 => 0xe0,
        _ => first,
    };

    private static void ReadAndCompare(MessagePackVector vector, ref MessagePackReader reader)
    {
        switch (vector.Kind)
        {
            case "nil":
                Assert.Equal(MessagePackKind.Nil, reader.NextKind);
                Assert.True(reader.TryReadNil());
                break;
            case "binary":
                Assert.Equal(MessagePackKind.Binary, reader.NextKind);
                Assert.True(reader.TryReadBinary(out var binary));
                Assert.Equal(MessagePackVector.Hex(vector.Value.GetString()!), binary);
                break;
            case "timestamp":
                Assert.Equal(MessagePackKind.Extension, reader.NextKind);
                Assert.True(reader.TryReadExtension(out var timestampType, out var timestamp));
                Assert.Equal(-1, timestampType);
                Assert.Equal((vector.Value[0].GetInt64(), vector.Value[1].GetUInt32()), Timestamp(timestamp));
                break;
            case "ext":
                Assert.Equal(MessagePackKind.Extension, reader.NextKind);
                Assert.True(reader.TryReadExtension(out var type, out var extension));
                Assert.Equal(vector.Value[0].GetInt32(), type);
                Assert.Equal(MessagePackVector.Hex(vector.Value[1].GetString()!), extension);
                break;
            case "bignum" or "number" when vector.IsInteger:
                Assert.Contains(reader.NextKind, new[] { MessagePackKind.Integer, MessagePackKind.Float });
                var copy = reader;
                Assert.True(copy.TryReadDouble(out var approximate));
                // Parsed, because the cast of a BigInteger cuts off instead of rounding.
                Assert.Equal(double.Parse(vector.Integer.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture),
                    approximate);
                if (vector.Integer > long.MaxValue)
                {
                    Assert.False(reader.TryReadInt64(out _));
                    Assert.True(reader.TryReadDouble(out _));
                    break;
                }
                Assert.True(reader.TryReadInt64(out var integer));
                Assert.Equal(vector.Integer, integer);
                break;
            default:
                ReadAndCompare(vector.Value, ref reader);
                break;
        }
    }

    private static void ReadAndCompare(JsonElement expected, ref MessagePackReader reader)
    {
        switch (expected.ValueKind)
        {
            case JsonValueKind.Null:
                Assert.Equal(MessagePackKind.Nil, reader.NextKind);
                Assert.True(reader.TryReadNil());
                break;
            case JsonValueKind.True or JsonValueKind.False:
                Assert.Equal(MessagePackKind.Boolean, reader.NextKind);
                Assert.True(reader.TryReadBoolean(out var boolean));
                Assert.Equal(expected.GetBoolean(), boolean);
                break;
            case JsonValueKind.Number:
                Assert.True(reader.TryReadDouble(out var number));
                Assert.Equal(expected.GetDouble(), number);
                break;
            case JsonValueKind.String:
                Assert.Equal(MessagePackKind.String, reader.NextKind);
                Assert.True(reader.TryReadString(out var utf8));
                Assert.Equal(expected.GetString(), Encoding.UTF8.GetString(utf8));
                break;
            case JsonValueKind.Array:
                Assert.Equal(MessagePackKind.Array, reader.NextKind);
                Assert.True(reader.TryReadArrayHeader(out var elements));
                Assert.Equal(expected.GetArrayLength(), elements);
                foreach (var element in expected.EnumerateArray())
                    ReadAndCompare(element, ref reader);
                break;
            case JsonValueKind.Object:
                Assert.Equal(MessagePackKind.Map, reader.NextKind);
                Assert.True(reader.TryReadMapHeader(out var pairs));
                Assert.Equal(expected.EnumerateObject().Count(), pairs);
                foreach (var pair in expected.EnumerateObject())
                {
                    Assert.True(reader.TryReadString(out var key));
                    Assert.Equal(pair.Name, Encoding.UTF8.GetString(key));
                    ReadAndCompare(pair.Value, ref reader);
                }
                break;
            default:
                Assert.Fail($"the vectors have a {expected.ValueKind}");
                break;
        }
    }

    // https://github.com/msgpack/msgpack/blob/master/spec.md#timestamp-extension-type
    private static (long Seconds, uint Nanoseconds) Timestamp(ReadOnlySpan<byte> bytes)
    {
        switch (bytes.Length)
        {
            case 4:
                return (BinaryPrimitives.ReadUInt32BigEndian(bytes), 0);
            case 8:
                var both = BinaryPrimitives.ReadUInt64BigEndian(bytes);
                return ((long)(both & 0x3_ffff_ffff), (uint)(both >> 34));
            default:
                return (BinaryPrimitives.ReadInt64BigEndian(bytes[4..]), BinaryPrimitives.ReadUInt32BigEndian(bytes));
        }
    }

    private static void Write(MessagePackVector vector, ref MessagePackWriter writer)
    {
        if (vector.IsInteger)
            writer.WriteInt64((long)vector.Integer);
        else if (vector.Kind == "binary")
            writer.WriteBinary(MessagePackVector.Hex(vector.Value.GetString()!));
        else
            Write(vector.Value, ref writer);
    }

    private static void Write(JsonElement value, ref MessagePackWriter writer)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Null:
                writer.WriteNil();
                break;
            case JsonValueKind.True or JsonValueKind.False:
                writer.WriteBoolean(value.GetBoolean());
                break;
            case JsonValueKind.Number when value.TryGetInt64(out var integer):
                writer.WriteInt64(integer);
                break;
            case JsonValueKind.Number:
                writer.WriteDouble(value.GetDouble());
                break;
            case JsonValueKind.String:
                writer.WriteString(value.GetString()!);
                break;
            case JsonValueKind.Array:
                writer.WriteArrayHeader(value.GetArrayLength());
                foreach (var element in value.EnumerateArray())
                    Write(element, ref writer);
                break;
            default:
                writer.WriteMapHeader(value.EnumerateObject().Count());
                foreach (var pair in value.EnumerateObject())
                {
                    writer.WriteString(pair.Name);
                    Write(pair.Value, ref writer);
                }
                break;
        }
    }

    private static void RefusesToPass(ReadOnlySpan<byte> bytes)
    {
        var reader = new MessagePackReader(bytes);
        Assert.False(reader.TrySkip());
        Assert.Equal(0, reader.Consumed);
        Assert.False(reader.TryReadRaw(out var raw));
        Assert.True(raw.IsEmpty);
        Assert.Equal(0, reader.Consumed);
    }

    private static void RefusesAsAnything(ReadOnlySpan<byte> bytes)
    {
        var reader = new MessagePackReader(bytes);
        Assert.False(reader.TryReadNil());
        Assert.False(reader.TryReadBoolean(out _));
        Assert.False(reader.TryReadInt64(out _));
        Assert.False(reader.TryReadDouble(out _));
        Assert.False(reader.TryReadString(out _));
        Assert.False(reader.TryReadBinary(out _));
        Assert.False(reader.TryReadExtension(out _, out _));
        Assert.False(reader.TryReadArrayHeader(out _));
        Assert.False(reader.TryReadMapHeader(out _));
        Assert.Equal(0, reader.Consumed);
    }
}
