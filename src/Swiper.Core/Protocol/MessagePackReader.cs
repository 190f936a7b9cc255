using System.Buffers.Binary;
using static Swiper.Core.Protocol.MessagePackFormat;

namespace Swiper.Core.Protocol;

/// <summary>
/// Reads MessagePack values from one contiguous buffer. Every method answers false for anything but a whole value of the
/// asked kind and then has not moved; none throws, allocates or trusts a length that the buffer can't hold.
/// </summary>
public ref struct MessagePackReader(ReadOnlySpan<byte> buffer)
{
    private readonly ReadOnlySpan<byte> _buffer = buffer;
    private int _position;

    /// <summary>Bytes read so far.</summary>
    public readonly int Consumed => _position;

    /// <summary>Bytes not read yet.</summary>
    public readonly int Remaining => _buffer.Length - _position;

    /// <summary>The kind of the next value; <see cref="MessagePackKind.End"/> where there is none.</summary>
    public readonly MessagePackKind NextKind => _position < _buffer.Length ? KindOf(_buffer[_position]) : MessagePackKind.End;

    /// <summary>True, and past it, when the next value is nil.</summary>
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
    /// Any integer encoding that fits an i64. A float with a whole value is taken too: languages without integers
    /// (JavaScript) write large ones so.
    /// </summary>
    public bool TryReadInt64(out long value)
    {
        value = 0;
        if (_position >= _buffer.Length)
            return false;

        var code = _buffer[_position];
        if (code <= MaxPositiveFixInt || code >= MinNegativeFixInt)
        {
            value = (sbyte)code;
            _position++;
            return true;
        }

        var body = _buffer[(_position + 1)..];
        int size;
        switch (code)
        {
            case UInt8Code when body.Length >= (size = 1): value = body[0]; break;
            case UInt16Code when body.Length >= (size = 2): value = BinaryPrimitives.ReadUInt16BigEndian(body); break;
            case UInt32Code when body.Length >= (size = 4): value = BinaryPrimitives.ReadUInt32BigEndian(body); break;
            case UInt64Code or Int64Code when body.Length >= (size = 8):
                value = BinaryPrimitives.ReadInt64BigEndian(body);
                if (code == UInt64Code && value < 0)
                    return false;
                break;
            case Int8Code when body.Length >= (size = 1): value = (sbyte)body[0]; break;
            case Int16Code when body.Length >= (size = 2): value = BinaryPrimitives.ReadInt16BigEndian(body); break;
            case Int32Code when body.Length >= (size = 4): value = BinaryPrimitives.ReadInt32BigEndian(body); break;
            case Float32Code or Float64Code: return TryReadWholeFloat(out value);
            default: return false;
        }
        _position += 1 + size;
        return true;
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

    /// <summary>The bytes of a str. They are not checked to be UTF-8: whoever makes a string of them does that.</summary>
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
    public bool TryReadArrayHeader(out int count) => TryReadHeader(FixArray, Array16, 1, out count);

    /// <summary>The number of pairs that follow; never more than the buffer has room for.</summary>
    public bool TryReadMapHeader(out int count) => TryReadHeader(FixMap, Map16, 2, out count);

    /// <summary>Passes one whole value of any kind, nested at most 32 deep.</summary>
    public bool TrySkip()
    {
        // Values still to pass at each depth; an array in an array adds a level.
        Span<int> left = stackalloc int[MaxDepth];
        var depth = -1;
        var start = _position;
        while (true)
        {
            if (!TrySkipHeader(out var children))
                break;
            if (children > 0)
            {
                if (++depth == MaxDepth)
                    break;
                left[depth] = children;
                continue;
            }
            while (depth >= 0 && --left[depth] == 0)
                depth--;
            if (depth < 0)
                return true;
        }
        _position = start;
        return false;
    }

    /// <summary>The bytes of the next whole value, whatever it is.</summary>
    public bool TryReadRaw(out ReadOnlySpan<byte> value)
    {
        var start = _position;
        var read = TrySkip();
        value = _buffer[start.._position];
        return read;
    }

    private bool TryReadWholeFloat(out long value)
    {
        var start = _position;
        // Within 2^53 a double still tells neighbouring integers apart.
        if (TryReadDouble(out var number) && Math.Abs(number) <= 1L << 53 && Math.Truncate(number) == number)
        {
            value = (long)number;
            return true;
        }
        _position = start;
        value = 0;
        return false;
    }

    private bool TryReadHeader(byte fix, byte sized, int bytesEach, out int count)
    {
        count = 0;
        if (_position >= _buffer.Length)
            return false;

        var body = _buffer[(_position + 1)..];
        var code = _buffer[_position];
        uint number;
        int size;
        if ((code & 0xf0) == fix)
            (number, size) = ((uint)(code & 0x0f), 0);
        else if (code == sized && body.Length >= 2)
            (number, size) = (BinaryPrimitives.ReadUInt16BigEndian(body), 2);
        else if (code == sized + 1 && body.Length >= 4)
            (number, size) = (BinaryPrimitives.ReadUInt32BigEndian(body), 4);
        else
            return false;

        if ((ulong)number * (ulong)bytesEach > (ulong)(body.Length - size))
            return false;
        count = (int)number;
        _position += 1 + size;
        return true;
    }

    // A scalar is passed whole; of a container only the header, and `children` says what is still to come.
    private bool TrySkipHeader(out int children)
    {
        children = 0;
        switch (NextKind)
        {
            case MessagePackKind.Nil or MessagePackKind.Boolean:
                _position++;
                return true;
            case MessagePackKind.Integer or MessagePackKind.Float:
                var code = _buffer[_position];
                return TryTake(0, 1 + ScalarSize(code), out _);
            case MessagePackKind.String:
                return TryReadString(out _);
            case MessagePackKind.Binary:
                return TryReadBinary(out _);
            case MessagePackKind.Extension:
                return TryReadExtension(out _, out _);
            case MessagePackKind.Array:
                return TryReadArrayHeader(out children);
            case MessagePackKind.Map:
                if (!TryReadMapHeader(out children))
                    return false;
                children *= 2;
                return true;
            default:
                return false;
        }
    }

    private bool TryTakeSized(int widthLog2, out ReadOnlySpan<byte> bytes, uint extra = 0)
    {
        var body = _buffer[(_position + 1)..];
        switch (widthLog2)
        {
            case 0 when body.Length >= 1: return TryTake(2, (ulong)body[0] + extra, out bytes);
            case 1 when body.Length >= 2: return TryTake(3, (ulong)BinaryPrimitives.ReadUInt16BigEndian(body) + extra, out bytes);
            case 2 when body.Length >= 4: return TryTake(5, (ulong)BinaryPrimitives.ReadUInt32BigEndian(body) + extra, out bytes);
            default:
                bytes = default;
                return false;
        }
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
