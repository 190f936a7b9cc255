using System.Buffers;

namespace Swiper.Host.Transport;

/// <summary>
/// The bytes that a reader was given and has not consumed. They arrive in the buffer of the loop, which is only lent: bytes left over
/// when the reader advances are copied to the connection's own array. A reader that has not advanced when control returns to the loop,
/// because it continued on another thread, keeps the buffer, and the loop takes another. A mutable part of its
/// <see cref="EpollInput"/>; never copy it.
/// </summary>
internal struct ReceivedBytes
{
    // States of the loop's buffer.
    private const int NotLent = 0;
    private const int Lent = 1;
    private const int GivenAway = 2;

    // Minimum spare room in the connection's own array: a partial frame is mostly small.
    private const int Room = 1024;

    private byte[]? _array;
    private int _start;
    private int _end;
    private int _loan;

    public readonly bool IsEmpty => _start == _end;

    /// <summary>True if there are bytes that the reader has not examined.</summary>
    public bool HasUnexamined { get; private set; }

    public readonly ReadOnlySequence<byte> Unread => _array is null ? default : new ReadOnlySequence<byte>(_array, _start, _end - _start);

    /// <summary>Provides bytes in the loop's buffer, if none are left from before.</summary>
    public void Lend(byte[] buffer, int length)
    {
        (_array, _start, _end) = (buffer, 0, length);
        HasUnexamined = true;
        Volatile.Write(ref _loan, Lent);
    }

    /// <summary>
    /// By the loop, once the reader has returned to it: true if the loop has its buffer back, false if the reader keeps it.
    /// </summary>
    public bool TryTakeBack() => Interlocked.CompareExchange(ref _loan, GivenAway, Lent) != Lent;

    /// <summary>Room for bytes after those left over; never empty.</summary>
    public Memory<byte> RoomForMore()
    {
        if (_end == _array!.Length)
            MoveTo(ArrayPool<byte>.Shared.Rent((_end - _start) * 2), returnOld: true);
        return _array.AsMemory(_end);
    }

    /// <summary>Adds the bytes put there.</summary>
    public void Append(int length)
    {
        _end += length;
        HasUnexamined = true;
    }

    /// <exception cref="InvalidOperationException">A position is not within the bytes.</exception>
    public void Advance(SequencePosition consumed, SequencePosition examined)
    {
        if (_array is null)
            return;
        var (start, seen) = (consumed.GetInteger(), examined.GetInteger());
        if (!ReferenceEquals(consumed.GetObject(), _array) || !ReferenceEquals(examined.GetObject(), _array)
            || start < _start || seen < start || seen > _end)
            throw new InvalidOperationException("the position is not within what was read");
        _start = start;
        HasUnexamined = seen < _end;
        GiveBack();
    }

    /// <summary>Discards all of them.</summary>
    public void Clear()
    {
        HasUnexamined = false;
        _start = _end;
        GiveBack();
    }

    private void GiveBack()
    {
        if (_loan != NotLent)
            EndLoan();
        else if (IsEmpty)
            ReturnArray();
    }

    // Left-over bytes in the loop's buffer are copied before the loop may reuse it.
    private void EndLoan()
    {
        var loan = _array!;
        if (IsEmpty)
            _array = null;
        else
            MoveTo(ArrayPool<byte>.Shared.Rent(_end - _start + Room), returnOld: false);
        if (Interlocked.CompareExchange(ref _loan, NotLent, Lent) == Lent)
            return;
        // The loop has taken another one, so this one is no longer shared.
        _loan = NotLent;
        ArrayPool<byte>.Shared.Return(loan);
    }

    private void MoveTo(byte[] array, bool returnOld)
    {
        var kept = _end - _start;
        Buffer.BlockCopy(_array!, _start, array, 0, kept);
        if (returnOld)
            ArrayPool<byte>.Shared.Return(_array!);
        (_array, _start, _end) = (array, 0, kept);
    }

    private void ReturnArray()
    {
        if (_array is { } array)
            ArrayPool<byte>.Shared.Return(array);
        _array = null;
        _start = _end = 0;
    }
}
