using System.Buffers;
using System.Buffers.Binary;

namespace Swiper.Core.Protocol;

/// <summary>
/// Writes frames to an output. A frame counts only once <see cref="End"/> was called: what a failing handler has written of one
/// is forgotten with its <see cref="MessagePackWriter"/>.
/// </summary>
/// <param name="output">Where frames are written in place.</param>
/// <param name="queue">Where they go while frames of others wait to be sent before them; null for an output that nobody shares.</param>
public ref struct FrameWriter(IBufferWriter<byte> output, IFrameQueue? queue = null)
{
    // Below this much room a new buffer is asked for, so that small frames are written in place.
    private const int SmallFrame = 128;

    private readonly IBufferWriter<byte> _output = output;
    private readonly IFrameQueue? _queue = queue;
    private Span<byte> _buffer;
    private int _ended;

    /// <summary>Bytes of the frames that were ended, those handed to the output or queued included.</summary>
    public int Length { get; private set; }

    /// <summary>True once a frame was ended.</summary>
    public readonly bool HasFrames => Length > 0;

    /// <summary>A writer for the content of the next frame: one MessagePack array.</summary>
    public MessagePackWriter Begin()
    {
        if (_buffer.Length - _ended < SmallFrame)
        {
            Flush();
            _buffer = _output.GetSpan(SmallFrame);
        }
        return new MessagePackWriter(_buffer[(_ended + FrameReader.LengthPrefix)..]);
    }

    /// <summary>Makes what the writer of <see cref="Begin"/> holds a frame, and disposes it.</summary>
    public void End(ref MessagePackWriter content)
    {
        var length = content.Written.Length;
        Length += FrameReader.LengthPrefix + length;
        if (_queue is { HasWaiting: true })
        {
            // What was ended before goes before what waits, and this frame behind it.
            Flush();
            _queue.Enqueue(content.Written);
            content.Dispose();
            return;
        }

        var prefix = _buffer[_ended..];
        if (content.HasOutgrownBuffer)
        {
            Flush();
            prefix = _output.GetSpan(FrameReader.LengthPrefix + length);
            content.Written.CopyTo(prefix[FrameReader.LengthPrefix..]);
            _buffer = prefix;
        }
        BinaryPrimitives.WriteInt32BigEndian(prefix, length);
        _ended += FrameReader.LengthPrefix + length;
        content.Dispose();
    }

    /// <summary>Hands the ended frames to the output. Nothing is sent yet.</summary>
    public void Flush()
    {
        if (_ended > 0)
            _output.Advance(_ended);
        _ended = 0;
        _buffer = default;
    }
}

/// <summary>Frames that others have written to a <see cref="FrameWriter"/>'s output and that are not sent yet.</summary>
public interface IFrameQueue
{
    /// <summary>True where a frame that ends now belongs behind them. Asked once a frame, so it must cost next to nothing.</summary>
    bool HasWaiting { get; }

    /// <summary>Appends a frame with this content.</summary>
    void Enqueue(ReadOnlySpan<byte> content);
}
