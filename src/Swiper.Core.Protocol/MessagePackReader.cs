using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using static Swiper.Core.Protocol.MessagePackFormat;

namespace Swiper.Core.Protocol;

/// <summary>
/// Reads MessagePack values from one contiguous buffer. Every method returns false, without advancing, for anything but a complete
/// value of the requested kind; none throws, allocates or trusts a length that exceeds the buffer.
/// </summary>
public ref struct MessagePackReader(ReadOnlySpan<byte> buffer)
{
    /// <summary>Maximum nesting depth; deeper values are rejected, so that hostile nesting costs nothing.</summary>
    public const int MaxDepth = 32;

    // Returned in place of a position: there is no such value.
    private const int Broken = -1;

    private readonly ReadOnlySpan<byte> _buffer = buffer;
    private int _position;

    /// <summary>Bytes read so far.</summary>
    public readonly int Consumed => _position;

    /// <summary>Bytes not read yet.</summary>
    public readonly int Remaining => _buffer.Length - _position;

    /// <summary>The kind of the next value; <see cref="MessagePackKind.End"/> if there is none.</summary>
    public readonly MessagePackKind NextKind
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _position < _buffer.Length ? KindOf(_buffer[_position]) : MessagePackKind.End;
    }

    /// <summary>If the next value is nil, advances past it and returns true.</summary>
    public bool TryReadNil()
    {
        if (_position >= _buffer.Length || _buffer[_position] != Nil)
            return false;
        _position++;
        return true;
    }

    public bool TryReadBoolean(out bool value)
    {
        value = _position < _buffer.Length && _buffer[_position] == True;
        if (!value && (_position >= _buffer.Length || _buffer[_position] != False))
            return false;
        _position++;
        return true;
    }

    /// <summary>
    /// Any integer encoding that fits an i64. A float with a whole value is accepted too: languages without integers
    /// (JavaScript) encode large ones that way.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadInt64(out long value)
    {
        if (_position < _buffer.Length && IsFixInt(_buffer[_position]))
        {
            value = (sbyte)_buffer[_position++];
            return true;
        }
        return TryMoveTo(EndOfSizedInt64(_buffer, _position, out value));
    }

    /// <summary>A float of either width, or any integer.</summary>
    public bool TryReadDouble(out double value)
    {
        value = 0;
        if (_position >= _buffer.Length)
            return false;

        var body = _buffer[(_position + 1)..];
        switch (_buffer[_position])
        {
            case Float32Code when body.Length >= 4:
                value = BinaryPrimitives.ReadSingleBigEndian(body);
                _position += 5;
                return true;
            case Float64Code when body.Length >= 8:
                value = BinaryPrimitives.ReadDoubleBigEndian(body);
                _position += 9;
                return true;
            case Float32Code or Float64Code:
                return false;
            case UInt64Code when body.Length >= 8:
                value = BinaryPrimitives.ReadUInt64BigEndian(body);
                _position += 9;
                return true;
            default:
                if (!TryReadInt64(out var integer))
                    return false;
                value = integer;
                return true;
        }
    }

    /// <summary>The bytes of a str. They are not validated as UTF-8; the caller that decodes them does that.</summary>
    public bool TryReadString(out ReadOnlySpan<byte> utf8)
    {
        if (_position < _buffer.Length)
        {
            var code = _buffer[_position];
            if ((code & 0xe0) == FixStr)
                return TryTake(1, (uint)(code & 0x1f), out utf8);
            if (code is >= Str8 and <= Str32)
                return TryTakeSized(code - Str8, out utf8);
        }
        utf8 = default;
        return false;
    }

    public bool TryReadBinary(out ReadOnlySpan<byte> bytes)
    {
        if (_position < _buffer.Length && _buffer[_position] is >= Bin8 and <= Bin32 and var code)
            return TryTakeSized(code - Bin8, out bytes);
        bytes = default;
        return false;
    }

    public bool TryReadExtension(out sbyte type, out ReadOnlySpan<byte> bytes)
    {
        type = 0;
        bytes = default;
        if (_position >= _buffer.Length)
            return false;

        var start = _position;
        var code = _buffer[_position];
        bool taken;
        if (code is >= FixExt1 and <= FixExt16)
            taken = TryTake(1, (1u << (code - FixExt1)) + 1, out bytes);
        else if (code is >= Ext8 and <= Ext32)
            taken = TryTakeSized(code - Ext8, out bytes, extra: 1);
        else
            return false;

        if (!taken)
        {
            _position = start;
            return false;
        }
        type = (sbyte)bytes[0];
        bytes = bytes[1..];
        return true;
    }

    /// <summary>The number of elements that follow; never more than the buffer has bytes left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadArrayHeader(out int count) => TryReadHeader(FixArray, Array16, valuesEach: 1, out count);

    /// <summary>The number of pairs that follow; never more than the buffer has room for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadMapHeader(out int count) => TryReadHeader(FixMap, Map16, valuesEach: 2, out count);

    /// <summary>Skips one complete value of any kind, nested at most 32 deep.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TrySkip() => TryMoveTo(EndOfValue(_buffer, _position, MaxDepth));

    /// <summary>The bytes of the next complete value of any kind.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadRaw(out ReadOnlySpan<byte> value)
    {
        var start = _position;
        var read = TrySkip();
        value = _buffer[start.._position];
        return read;
    }

    private static int EndOfSizedInt64(ReadOnlySpan<byte> buffer, int position, out long value)
    {
        value = 0;
        if (position >= buffer.Length)
            return Broken;
        var code = buffer[position];
        var body = buffer[(position + 1)..];
        switch (code)
        {
            case UInt8Code when body.Length >= 1:
                value = body[0];
                break;
            case UInt16Code when body.Length >= 2:
                value = BinaryPrimitives.ReadUInt16BigEndian(body);
                break;
            case UInt32Code when body.Length >= 4:
                value = BinaryPrimitives.ReadUInt32BigEndian(body);
                break;
            case UInt64Code or Int64Code when body.Length >= 8:
                value = BinaryPrimitives.ReadInt64BigEndian(body);
                if (code == UInt64Code && value < 0)
                    return Broken;
                break;
            case Int8Code when body.Length >= 1:
                value = (sbyte)body[0];
                break;
            case Int16Code when body.Length >= 2:
                value = BinaryPrimitives.ReadInt16BigEndian(body);
                break;
            case Int32Code when body.Length >= 4:
                value = BinaryPrimitives.ReadInt32BigEndian(body);
                break;
            case Float32Code when body.Length >= 4:
                return TryWhole(BinaryPrimitives.ReadSingleBigEndian(body), out value) ? position + 5 : Broken;
            case Float64Code when body.Length >= 8:
                return TryWhole(BinaryPrimitives.ReadDoubleBigEndian(body), out value) ? position + 9 : Broken;
            default:
                return Broken;
        }
        return position + FixedSizes[code];
    }

    // Below 2^53 a double tells neighbouring integers apart; 2^53 itself is also what 2^53 + 1 becomes.
    private static bool TryWhole(double number, out long value)
    {
        var isWhole = Math.Abs(number) < 1L << 53 && Math.Truncate(number) == number;
        value = isWhole ? (long)number : 0;
        return isWhole;
    }

    // The end of the value that begins at the position. Positions are passed by value, without `out` and `ref`, so that they stay in
    // registers: this visits every byte that clients send.
    private static int EndOfValue(ReadOnlySpan<byte> buffer, int position, int depth)
    {
        if ((uint)position >= (uint)buffer.Length)
            return Broken;
        var code = buffer[position];
        if (FixedSizes[code] is var size and not 0)
            return Within(buffer, (uint)position + size);
        return code switch
        {
            < FixStr or >= Array16 => EndOfContainer(buffer, position, depth),
            >= Bin8 and <= Bin32 => EndOfSized(buffer, position, code - Bin8, extra: 0),
            >= Str8 and <= Str32 => EndOfSized(buffer, position, code - Str8, extra: 0),
            >= Ext8 and <= Ext32 => EndOfSized(buffer, position, code - Ext8, extra: 1),
            _ => Broken,
        };
    }

    private static int EndOfContainer(ReadOnlySpan<byte> buffer, int position, int depth)
    {
        var code = buffer[position];
        var isSized = code >= Array16;
        var widthLog2 = (code & 1) + 1;
        var number = isSized ? SizeAt(buffer, position + 1, widthLog2) : code & 0x0f;
        position += isSized ? 1 + (1 << widthLog2) : 1;
        var children = code is < FixArray or >= Map16 ? number * 2 : number;
        // A value has at least one byte.
        if (number < 0 || children > buffer.Length - position || (children > 0 && depth == 0))
            return Broken;
        for (; children > 0 && position != Broken; children--)
            position = EndOfValue(buffer, position, depth - 1);
        return position;
    }

    private static int EndOfSized(ReadOnlySpan<byte> buffer, int position, int widthLog2, int extra)
    {
        var size = SizeAt(buffer, position + 1, widthLog2);
        return size < 0 ? Broken : Within(buffer, (ulong)(position + 1 + (1 << widthLog2) + extra + size));
    }

    // The unsigned number at the position, of 1, 2 or 4 bytes; -1 if the buffer ends too early.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long SizeAt(ReadOnlySpan<byte> buffer, int position, int widthLog2)
    {
        var bytes = buffer[position..];
        return widthLog2 switch
        {
            0 when bytes.Length >= 1 => bytes[0],
            1 when bytes.Length >= 2 => BinaryPrimitives.ReadUInt16BigEndian(bytes),
            2 when bytes.Length >= 4 => BinaryPrimitives.ReadUInt32BigEndian(bytes),
            _ => -1,
        };
    }

    private static int Within(ReadOnlySpan<byte> buffer, ulong end) => end <= (ulong)buffer.Length ? (int)end : Broken;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryMoveTo(int end)
    {
        if (end == Broken)
            return false;
        _position = end;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryReadHeader(byte fix, byte sized, int valuesEach, out int count)
    {
        count = 0;
        if (_position >= _buffer.Length)
            return false;
        var code = _buffer[_position];
        var (header, number) = (1, (long)(code & 0x0f));
        if ((code & 0xf0) != fix)
        {
            if ((code & 0xfe) != sized)
                return false;
            var widthLog2 = (code & 1) + 1;
            number = SizeAt(_buffer, _position + 1, widthLog2);
            header += 1 << widthLog2;
        }
        if (number < 0 || number * valuesEach > Remaining - header)
            return false;
        count = (int)number;
        _position += header;
        return true;
    }

    private bool TryTakeSized(int widthLog2, out ReadOnlySpan<byte> bytes, uint extra = 0)
    {
        var size = SizeAt(_buffer, _position + 1, widthLog2);
        if (size >= 0)
            return TryTake(1 + (1 << widthLog2), (ulong)size + extra, out bytes);
        bytes = default;
        return false;
    }

    private bool TryTake(int header, ulong length, out ReadOnlySpan<byte> bytes)
    {
        if ((ulong)header + length > (ulong)Remaining)
        {
            bytes = default;
            return false;
        }
        bytes = _buffer.Slice(_position + header, (int)length);
        _position += header + (int)length;
        return true;
    }
}
