using System.Buffers.Binary;
using System.Net.Sockets;

namespace Swiper.Load.Wire;

/// <summary>
/// The transport of a <see cref="TlsSession"/>. It hands out one record at a time, so that no record is buffered unseen inside
/// .NET's stream.
/// <code>
///  +---------+-------------+----------------------+--------------------+
///  | type: 1 | version: 2  | length: 2, big-end.  | `length` bytes     |
///  +---------+-------------+----------------------+--------------------+
/// </code>
/// </summary>
internal sealed class TlsRecords(Socket socket) : Stream
{
    private const int HeaderSize = 5;
    private const int LengthOffset = 3;

    private readonly int _socket = (int)socket.SafeHandle.DangerousGetHandle();
    // Room for the largest record, slightly over 16 KiB, and part of the next.
    private readonly byte[] _bytes = new byte[32 * 1024];
    private int _start;
    private int _end;
    private int _restOfRecord;
    private bool _waits = true;

    public bool HasWholeRecord => Left >= HeaderSize && Left >= SizeOfNext;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    private int Left => _end - _start;

    private int SizeOfNext => HeaderSize + BinaryPrimitives.ReadUInt16BigEndian(_bytes.AsSpan(_start + LengthOffset));

    /// <summary>Stops blocking: from now on reads return only what <see cref="Receive"/> has taken from the socket.</summary>
    public void StopWaiting() => _waits = false;

    /// <summary>Receives what has arrived.</summary>
    public void Receive()
    {
        var received = RawSocket.Receive(_socket, Room());
        _end += received;
    }

    public override int Read(Span<byte> buffer)
    {
        if (_restOfRecord == 0)
        {
            Require(HeaderSize);
            _restOfRecord = SizeOfNext;
        }
        Require(1);
        var length = Math.Min(Math.Min(buffer.Length, _restOfRecord), Left);
        _bytes.AsSpan(_start, length).CopyTo(buffer);
        _start += length;
        _restOfRecord -= length;
        return length;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer) => RawSocket.Send(_socket, buffer);

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private void Require(int bytes)
    {
        while (Left < bytes)
        {
            if (!_waits)
                throw new InvalidOperationException("the server sent a TLS record without data during a load");
            var received = socket.Receive(Room());
            _end += received > 0 ? received : throw new EndOfStreamException("the server closed the connection during the handshake");
        }
    }

    private Span<byte> Room()
    {
        _bytes.AsSpan(_start, Left).CopyTo(_bytes);
        (_start, _end) = (0, Left);
        return _bytes.AsSpan(_end);
    }
}
