using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text;
using static Swiper.Core.Protocol.MessagePackFormat;

namespace Swiper.Core.Protocol;

/// <summary>
/// Writes MessagePack values, each in its shortest form, into the buffer it is given; when that is full it continues in a pooled
/// one that <see cref="Dispose"/> returns. <see cref="Written"/> has the bytes written.
/// </summary>
public ref struct MessagePackWriter(Span<byte> buffer)
{
    private Span<byte> _buffer = buffer;
    private int _position;
    private byte[]? _rented;

    /// <summary>The bytes written so far; valid until the next write or <see cref="Dispose"/>.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Written => _buffer[.._position];

    /// <summary>True once the given buffer was too small.</summary>
    public readonly bool HasOutgrownBuffer => _rented is not null;

    public readonly void Dispose()
    {
        if (_rented is not null)
            ArrayPool<byte>.Shared.Return(_rented);
    }

    public void WriteNil() => WriteByte(Nil);

    public void WriteBoolean(bool value) => WriteByte(value ? True : False);

    public void WriteInt64(long value)
    {
        switch (value)
        {
            case >= 0 and <= MaxPositiveFixInt or >= -32 and < 0:
                WriteByte((byte)value);
                break;
            case > 0 and <= byte.MaxValue:
                var one = Reserve(2);
                one[0] = UInt8Code;
                one[1] = (byte)value;
                break;
            case > 0 and <= ushort.MaxValue:
                var two = Reserve(3);
                two[0] = UInt16Code;
                BinaryPrimitives.WriteUInt16BigEndian(two[1..], (ushort)value);
                break;
            case > 0 and <= uint.MaxValue:
                var four = Reserve(5);
                four[0] = UInt32Code;
                BinaryPrimitives.WriteUInt32BigEndian(four[1..], (uint)value);
                break;
            case < 0 and >= sbyte.MinValue:
                var negativeOne = Reserve(2);
                negativeOne[0] = Int8Code;
                negativeOne[1] = (byte)value;
                break;
            case < 0 and >= short.MinValue:
                var negativeTwo = Reserve(3);
                negativeTwo[0] = Int16Code;
                BinaryPrimitives.WriteInt16BigEndian(negativeTwo[1..], (short)value);
                break;
            case < 0 and >= int.MinValue:
                var negativeFour = Reserve(5);
                negativeFour[0] = Int32Code;
                BinaryPrimitives.WriteInt32BigEndian(negativeFour[1..], (int)value);
                break;
            default:
                var eight = Reserve(9);
                eight[0] = value >= 0 ? UInt64Code : Int64Code;
                BinaryPrimitives.WriteInt64BigEndian(eight[1..], value);
                break;
        }
    }

    /// <summary>An integer, or nil for null.</summary>
    public void WriteOptionalInt64(long? value)
    {
        if (value is { } integer)
            WriteInt64(integer);
        else
            WriteNil();
    }

    /// <summary>A string, or nil for null.</summary>
    public void WriteOptionalString(string? value)
    {
        if (value is not null)
            WriteString(value);
        else
            WriteNil();
    }

    /// <summary>In 32 bits if that loses nothing.</summary>
    public void WriteDouble(double value)
    {
        var narrow = (float)value;
        if (narrow == value)
        {
            var four = Reserve(5);
            four[0] = Float32Code;
            BinaryPrimitives.WriteSingleBigEndian(four[1..], narrow);
            return;
        }
        var span = Reserve(9);
        span[0] = Float64Code;
        BinaryPrimitives.WriteDoubleBigEndian(span[1..], value);
    }

    public void WriteString(scoped ReadOnlySpan<byte> utf8)
    {
        WriteStringHeader(utf8.Length);
        WriteRaw(utf8);
    }

    public void WriteString(string value)
    {
        var length = Encoding.UTF8.GetByteCount(value);
        WriteStringHeader(length);
        Encoding.UTF8.GetBytes(value, Reserve(length));
    }

    public void WriteBinary(scoped ReadOnlySpan<byte> bytes)
    {
        WriteSizedHeader(Bin8, bytes.Length);
        WriteRaw(bytes);
    }

    /// <param name="count">The elements that follow.</param>
    public void WriteArrayHeader(int count) => WriteContainerHeader(FixArray, Array16, count);

    /// <param name="count">The pairs that follow.</param>
    public void WriteMapHeader(int count) => WriteContainerHeader(FixMap, Map16, count);

    /// <summary>Bytes that already are complete MessagePack values.</summary>
    public void WriteRaw(scoped ReadOnlySpan<byte> values) => values.CopyTo(Reserve(values.Length));

    private void WriteStringHeader(int length)
    {
        if (length < 32)
            WriteByte((byte)(FixStr | length));
        else
            WriteSizedHeader(Str8, length);
    }

    private void WriteSizedHeader(byte first, int length)
    {
        switch (length)
        {
            case <= byte.MaxValue:
                var one = Reserve(2);
                one[0] = first;
                one[1] = (byte)length;
                break;
            case <= ushort.MaxValue:
                var two = Reserve(3);
                two[0] = (byte)(first + 1);
                BinaryPrimitives.WriteUInt16BigEndian(two[1..], (ushort)length);
                break;
            default:
                var four = Reserve(5);
                four[0] = (byte)(first + 2);
                BinaryPrimitives.WriteInt32BigEndian(four[1..], length);
                break;
        }
    }

    private void WriteContainerHeader(byte fix, byte sized, int count)
    {
        switch (count)
        {
            case < 16:
                WriteByte((byte)(fix | count));
                break;
            case <= ushort.MaxValue:
                var two = Reserve(3);
                two[0] = sized;
                BinaryPrimitives.WriteUInt16BigEndian(two[1..], (ushort)count);
                break;
            default:
                var four = Reserve(5);
                four[0] = (byte)(sized + 1);
                BinaryPrimitives.WriteInt32BigEndian(four[1..], count);
                break;
        }
    }

    private void WriteByte(byte value) => Reserve(1)[0] = value;

    private Span<byte> Reserve(int size)
    {
        if (size > _buffer.Length - _position)
            Grow(size);
        var span = _buffer.Slice(_position, size);
        _position += size;
        return span;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow(int size)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(checked(_position + size), Math.Max(256, _buffer.Length * 2)));
        _buffer[.._position].CopyTo(larger);
        if (_rented is not null)
            ArrayPool<byte>.Shared.Return(_rented);
        _rented = larger;
        _buffer = larger;
    }
}
