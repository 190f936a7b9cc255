using Swiper.Core.Protocol;

namespace Swiper.Core.Tests.Fuzz;

/// <summary>Hostile bytes: random ones, values at random, and honest ones that were damaged.</summary>
internal sealed class FuzzCases(IReadOnlyList<byte[]> honest, FuzzRandom random)
{
    private const int MaxLength = 4096;

    // Bytes that promise much to come: lengths, counts, nesting, and the code that is never used.
    private static readonly byte[] Promising =
        [0x90, 0x91, 0x9f, 0x80, 0x8f, 0xbf, 0xc0, 0xc1, 0xc4, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcf, 0xd3, 0xd8, 0xdb, 0xdc, 0xdd, 0xde,
            0xdf, 0xff, 0x7f];

    private readonly byte[] _buffer = new byte[MaxLength];
    private int _length;

    /// <summary>The bytes of the next case; valid until the one after it.</summary>
    public ReadOnlySpan<byte> Next(Func<ushort>? opcode = null)
    {
        switch (random.Next(10))
        {
            case 0:
                RandomBytes();
                break;
            case 1 or 2:
                RandomRequest(opcode);
                break;
            default:
                Take(honest[random.Next(honest.Count)]);
                for (var damages = random.Next(4); damages > 0; damages--)
                    Damage();
                break;
        }
        return _buffer.AsSpan(0, _length);
    }

    private void RandomBytes()
    {
        _length = random.Next(64);
        for (var i = 0; i < _length; i++)
            _buffer[i] = AnyByte();
    }

    private void RandomRequest(Func<ushort>? opcode)
    {
        var writer = new MessagePackWriter(_buffer);
        writer.WriteArrayHeader(4);
        writer.WriteInt64(random.Next(20) == 0 ? random.Next(3) : Envelope.RequestType);
        writer.WriteInt64(random.Next(20) == 0 ? (long)random.Next64() : (uint)random.Next64());
        writer.WriteInt64(random.Next(20) == 0 ? (long)random.Next64() : opcode?.Invoke() ?? (ushort)random.Next64());
        var count = random.Next(5);
        writer.WriteArrayHeader(count);
        for (var i = 0; i < count; i++)
            RandomValue(ref writer, depth: 0);
        if (writer.HasOutgrownBuffer)
            _length = 0;
        else
            _length = writer.Written.Length;
        writer.Dispose();
    }

    private void RandomValue(ref MessagePackWriter writer, int depth)
    {
        switch (random.Next(depth < 4 ? 9 : 6))
        {
            case 0: writer.WriteNil(); break;
            case 1: writer.WriteBoolean(random.Next(2) == 0); break;
            case 2: writer.WriteInt64((long)random.Next64() >> random.Next(64)); break;
            case 3: writer.WriteDouble(BitConverter.UInt64BitsToDouble(random.Next64())); break;
            case 4: writer.WriteString("some text of a length that needs a header"u8[random.Next(40)..]); break;
            case 5: writer.WriteBinary(_buffer.AsSpan(0, random.Next(20))); break;
            case 6 or 7:
                var elements = random.Next(4);
                writer.WriteArrayHeader(elements);
                for (var i = 0; i < elements; i++)
                    RandomValue(ref writer, depth + 1);
                break;
            default:
                var pairs = random.Next(3);
                writer.WriteMapHeader(pairs);
                for (var i = 0; i < 2 * pairs; i++)
                    RandomValue(ref writer, depth + 1);
                break;
        }
    }

    private void Damage()
    {
        var at = random.Next(_length + 1);
        switch (random.Next(6))
        {
            case 0 when at < _length:
                _buffer[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when at < _length:
                _buffer[at] = AnyByte();
                break;
            case 2:
                _length = at;
                break;
            case 3:
                var repeated = _buffer.AsSpan(at, random.Next(_length - at + 1)).ToArray();
                Insert(at, repeated);
                break;
            case 4:
                var other = honest[random.Next(honest.Count)];
                var start = random.Next(other.Length + 1);
                Insert(at, other.AsSpan(start, random.Next(other.Length - start + 1)));
                break;
            default:
                Insert(at, [AnyByte()]);
                break;
        }
    }

    private void Take(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_buffer);
        _length = bytes.Length;
    }

    private void Insert(int at, ReadOnlySpan<byte> bytes)
    {
        if (_length + bytes.Length > MaxLength)
            return;
        _buffer.AsSpan(at, _length - at).CopyTo(_buffer.AsSpan(at + bytes.Length));
        bytes.CopyTo(_buffer.AsSpan(at));
        _length += bytes.Length;
    }

    private byte AnyByte() => random.Next(2) == 0 ? random.NextByte() : Promising[random.Next(Promising.Length)];
}
