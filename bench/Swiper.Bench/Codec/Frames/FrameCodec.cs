using Swiper.Bench.Hosting;

namespace Swiper.Bench.Codec.Frames;

/// <summary>One message in one format, written and read again and again into the same buffer.</summary>
public abstract class FrameCodec
{
    // The largest frame that clients must accept.
    private readonly FixedBuffer _buffer = new(64 * 1024);
    private byte[]? _encoded;

    /// <summary>The bytes of the message, encoded on first use.</summary>
    protected byte[] Encoded => _encoded ??= Encode();

    /// <summary>Writes the message and returns its length.</summary>
    public int Write()
    {
        _buffer.Clear();
        Write(_buffer);
        return _buffer.Length;
    }

    /// <summary>Reads the message into objects of the program.</summary>
    public bool Read() => Read(Encoded);

    /// <summary>Verifies that the message survives a round trip.</summary>
    public void Verify()
    {
        Verification.Require(Read(), "the message can be read");
        _buffer.Clear();
        WriteCopy(Encoded, _buffer);
        Verification.Require(_buffer.Written.SequenceEqual(Encoded), "a message that was read is written with the same bytes");
    }

    internal abstract void Write(FixedBuffer output);

    internal abstract bool Read(byte[] encoded);

    /// <summary>Reads a message and writes what came out.</summary>
    internal abstract void WriteCopy(byte[] encoded, FixedBuffer output);

    private byte[] Encode()
    {
        Write();
        return _buffer.Written.ToArray();
    }
}
