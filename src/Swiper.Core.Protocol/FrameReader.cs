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

    /// <summary>A length of zero or above the limit: the bytes are not a frame.</summary>
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
/// The length is checked before waiting for the rest of the frame. A frame within one segment is returned in place; a frame that
/// crosses segments is copied once, to a pooled buffer that <see cref="Dispose"/> returns.
/// </summary>
public ref struct FrameReader
{
    public const int LengthPrefix = 4;

    private readonly ReadOnlySequence<byte> _received;
    private readonly int _maxFrame;
    private readonly bool _isSingleSegment;

    // The read position. A SequenceReader costs twice as much for a frame that lies in one segment.
    private ReadOnlySpan<byte> _segment;
    private SequencePosition _nextSegment;
    private long _consumedSegments;
    private int _consumed;
    private long _returnedSegments;
    private int _returned;

    private byte[]? _joined;

    public FrameReader(ReadOnlySequence<byte> received, int maxFrame)
    {
        _received = received;
        _maxFrame = maxFrame;
        _isSingleSegment = received.IsSingleSegment;
        _segment = received.FirstSpan;
        if (_isSingleSegment)
            return;
        _nextSegment = received.Start;
        received.TryGet(ref _nextSegment, out _);
    }

    /// <summary>The start of the first frame not yet returned.</summary>
    public readonly SequencePosition Consumed => _received.GetPosition(_consumedSegments + _consumed);

    /// <summary>The start of the frame returned last.</summary>
    public readonly SequencePosition LastReturned => _received.GetPosition(_returnedSegments + _returned);

    /// <summary>True if bytes of an incomplete frame are left.</summary>
    public readonly bool HasPartialFrame => Left > 0;

    /// <summary>The length that the next frame claims; for use after <see cref="FrameStatus.BadLength"/>.</summary>
    public readonly uint RefusedLength
    {
        get
        {
            Span<byte> prefix = stackalloc byte[LengthPrefix];
            _received.Slice(Consumed, LengthPrefix).CopyTo(prefix);
            return BinaryPrimitives.ReadUInt32BigEndian(prefix);
        }
    }

    private readonly long Left => (_isSingleSegment ? _segment.Length : _received.Length - _consumedSegments) - _consumed;

    /// <summary>The next frame without its length. It is valid until the next call.</summary>
    public FrameStatus Read(out ReadOnlySpan<byte> frame)
    {
        var span = _segment[_consumed..];
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
                (_returnedSegments, _returned) = (_consumedSegments, _consumed);
                _consumed += LengthPrefix + (int)length;
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
        var left = Left;
        if (left < LengthPrefix)
            return FrameStatus.Incomplete;

        var ahead = this;
        Span<byte> prefix = stackalloc byte[LengthPrefix];
        ahead.CopyTo(prefix);
        var length = BinaryPrimitives.ReadUInt32BigEndian(prefix);
        if (length - 1 >= (uint)_maxFrame)
            return FrameStatus.BadLength;
        if (left - LengthPrefix < length)
            return FrameStatus.Incomplete;

        ahead._joined ??= ArrayPool<byte>.Shared.Rent(_maxFrame);
        var joined = ahead._joined.AsSpan(0, (int)length);
        ahead.CopyTo(joined);
        (ahead._returnedSegments, ahead._returned) = (_consumedSegments, _consumed);
        this = ahead;
        frame = joined;
        return FrameStatus.Frame;
    }

    // Advances past the bytes it copies, which must be present.
    private void CopyTo(scoped Span<byte> bytes)
    {
        var rest = _segment[_consumed..];
        while (rest.Length < bytes.Length)
        {
            rest.CopyTo(bytes);
            bytes = bytes[rest.Length..];
            _consumedSegments += _segment.Length;
            _consumed = 0;
            _received.TryGet(ref _nextSegment, out var next);
            rest = _segment = next.Span;
        }
        rest[..bytes.Length].CopyTo(bytes);
        _consumed += bytes.Length;
    }
}
