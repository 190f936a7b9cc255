using System.Buffers;
using System.Buffers.Binary;

namespace Swiper.Core.Protocol;

/// <summary>
/// Writes frames to an output. A frame counts only once <see cref="End"/> was called: a partial frame of a failed handler
/// is discarded with its <see cref="MessagePackWriter"/>.
/// </summary>
/// <param name="output">Where frames are written in place.</param>
/// <param name="queue">Takes the frames while others are queued ahead of them; null for an unshared output.</param>
public ref struct FrameWriter(IBufferWriter<byte> output, IFrameQueue? queue = null)
{
    // With less room than this a new buffer is requested, so that small frames are written in place.
    private const int SmallFrame = 128;

    private readonly IBufferWriter<byte> _output = output;
    private readonly IFrameQueue? _queue = queue;
    private Span<byte> _buffer;
    private int _ended;

    /// <summary>Bytes of all ended frames, including those handed to the output or queued.</summary>
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

    /// <summary>Turns the content of the writer from <see cref="Begin"/> into a frame, and disposes the writer.</summary>
    public void End(ref MessagePackWriter content)
    {
        var length = content.Written.Length;
        Length += FrameReader.LengthPrefix + length;
        if (_queue is { HasWaiting: true })
        {
            // Frames ended earlier go ahead of the queued ones, and this frame behind them.
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

/// <summary>Unsent frames that other threads have written to a <see cref="FrameWriter"/>'s output.</summary>
public interface IFrameQueue
{
    /// <summary>True if a frame that ends now must follow them. Read once per frame, so it must be cheap.</summary>
    bool HasWaiting { get; }

    /// <summary>Appends a frame with this content.</summary>
    void Enqueue(ReadOnlySpan<byte> content);
}
