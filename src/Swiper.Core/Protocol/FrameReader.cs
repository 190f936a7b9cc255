using System.Buffers;
using System.Buffers.Binary;

namespace Swiper.Core.Protocol;

/// <summary>What <see cref="FrameReader.Read"/> found.</summary>
public enum FrameStatus : byte
{
    /// <summary>A frame; there may be more.</summary>
    Frame,

    /// <summary>The rest of a frame has not arrived yet.</summary>
    Incomplete,

    /// <summary>A length of zero or above the limit: these bytes are no frames.</summary>
    BadLength,
}

/// <summary>
/// Takes the complete frames out of what a connection has received.
/// <code>
///  +-----------------------+---------------------------------+
///  | length: u32, big-end. | one MessagePack array,          |
///  |                       | exactly `length` bytes          |
///  +-----------------------+---------------------------------+
/// </code>
/// The length is checked before anything of the frame is waited for. A frame that lies in one segment is handed out in place;
/// one that crosses segments is copied once, to a pooled buffer that <see cref="Dispose"/> gives back.
/// </summary>
public ref struct FrameReader(ReadOnlySequence<byte> received, int maxFrame)
{
    public const int LengthPrefix = 4;

    private readonly int _maxFrame = maxFrame;
    private readonly bool _isSingleSegment = received.IsSingleSegment;
    private ReadOnlySequence<byte> _rest = received;
    private ReadOnlySpan<byte> _first = received.FirstSpan;
    private int _consumedOfFirst;
    private byte[]? _joined;

    /// <summary>Where the first frame that was not handed out begins.</summary>
    public readonly SequencePosition Consumed => _rest.GetPosition(_consumedOfFirst);

    /// <summary>True where bytes of an incomplete frame are left.</summary>
    public readonly bool HasPartialFrame => (_isSingleSegment ? _first.Length : _rest.Length) > _consumedOfFirst;

    /// <summary>The next frame without its length. It is valid until the next call.</summary>
    public FrameStatus Read(out ReadOnlySpan<byte> frame)
    {
        var span = _first[_consumedOfFirst..];
        if (span.Length >= LengthPrefix)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(span);
            if (length - 1 >= (uint)_maxFrame)
            {
                frame = default;
                return FrameStatus.BadLength;
            }
            if (length <= (uint)(span.Length - LengthPrefix))
            {
                frame = span.Slice(LengthPrefix, (int)length);
                _consumedOfFirst += LengthPrefix + (int)length;
                return FrameStatus.Frame;
            }
        }
        if (!_isSingleSegment)
            return ReadAcrossSegments(out frame);
        frame = default;
        return FrameStatus.Incomplete;
    }

    public readonly void Dispose()
    {
        if (_joined is not null)
            ArrayPool<byte>.Shared.Return(_joined);
    }

    private FrameStatus ReadAcrossSegments(out ReadOnlySpan<byte> frame)
    {
        frame = default;
        _rest = _rest.Slice(_consumedOfFirst);
        _consumedOfFirst = 0;
        _first = _rest.FirstSpan;
        if (_rest.Length < LengthPrefix)
            return FrameStatus.Incomplete;

        Span<byte> prefix = stackalloc byte[LengthPrefix];
        _rest.Slice(0, LengthPrefix).CopyTo(prefix);
        var length = BinaryPrimitives.ReadUInt32BigEndian(prefix);
        if (length - 1 >= (uint)_maxFrame)
            return FrameStatus.BadLength;
        if (_rest.Length - LengthPrefix < length)
            return FrameStatus.Incomplete;

        _joined ??= ArrayPool<byte>.Shared.Rent(_maxFrame);
        _rest.Slice(LengthPrefix, length).CopyTo(_joined);
        frame = _joined.AsSpan(0, (int)length);
        _rest = _rest.Slice(LengthPrefix + length);
        _first = _rest.FirstSpan;
        return FrameStatus.Frame;
    }
}
