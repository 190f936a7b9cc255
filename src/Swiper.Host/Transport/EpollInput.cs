using System.Buffers;
using System.IO.Pipelines;
using System.Threading.Tasks.Sources;
using Swiper.Host.Transport.Native;

namespace Swiper.Host.Transport;

/// <summary>
/// What a connection receives. Nothing is received before the reader waits for it, so a reader that is busy holds up its client, and an
/// idle connection has no buffer.
/// <para>
/// The reader and the loop take turns. While <c>Running</c> all fields are the reader's; while <c>Parked</c> it waits, and whoever claims it (the
/// loop with bytes, a cancellation, the end of the connection) has them until it resumes the reader.
/// </para>
/// <para>
/// Bytes arrive in the buffer of the loop, which is only lent: what the reader leaves of it goes to an array of the connection's own. A reader that
/// has not advanced when control returns to the loop, because it went on elsewhere, keeps the buffer, and the loop takes another.
/// </para>
/// </summary>
internal sealed class EpollInput(EpollConnection connection) : PipeReader, IValueTaskSource<ReadResult>
{
    // States of the turn.
    private const int Running = 0;
    private const int Parked = 1;

    // States of the loop's buffer.
    private const int NotLent = 0;
    private const int Lent = 1;
    private const int GivenAway = 2;

    // What an array of the connection's own has room for at least, beside what it keeps: a partial frame is mostly small.
    private const int Room = 1024;

    private readonly EpollConnection _connection = connection;
    private ManualResetValueTaskSourceCore<ReadResult> _waiter;
    private CancellationTokenRegistration _cancellation;
    private byte[]? _array;
    private Exception? _failure;
    private int _start;
    private int _end;
    private int _turn;
    private int _loan;
    private int _cancelRequested;
    private bool _isReadable;
    private bool _hasUnexamined;
    private bool _hasEnded;
    private bool _isCompleted;

    /// <summary>By the loop: there is something to receive. Receives it if the reader waits, and runs the reader.</summary>
    public void OnReadable()
    {
        Volatile.Write(ref _isReadable, true);
        // Written before the turn is looked at; the reader parks before it looks at this.
        Interlocked.MemoryBarrier();
        Receive();
    }

    /// <summary>By the loop, for a reader that parked while something was there to be received.</summary>
    public void Receive()
    {
        if (!TryClaim())
            return;
        if (_connection.IsClosed)
        {
            ResumeClosed();
            return;
        }
        Volatile.Write(ref _isReadable, false);
        if (_start == _end)
            ReceiveIntoLoan();
        else
            ReceiveIntoOwn();
    }

    /// <summary>After the connection was closed: a reader that waits is told.</summary>
    public void OnClosed()
    {
        if (TryClaim())
            ResumeClosed();
    }

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (TryRead(out var result))
            return new ValueTask<ReadResult>(result);
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<ReadResult>(cancellationToken);

        _waiter.Reset();
        var version = _waiter.Version;
        if (cancellationToken.CanBeCanceled)
            _cancellation = cancellationToken.UnsafeRegister(static (input, token) => ((EpollInput)input!).CancelRead(token), this);
        Interlocked.Exchange(ref _turn, Parked);
        // From here on the waiter may be resumed at any instant, by whoever claims it.
        if (_connection.IsClosed)
            OnClosed();
        else if (Volatile.Read(ref _cancelRequested) != 0)
            CancelParked();
        else if (cancellationToken.IsCancellationRequested)
            CancelRead(cancellationToken);
        else if (Volatile.Read(ref _isReadable))
            _connection.Loop.PostReceive(_connection);
        return new ValueTask<ReadResult>(this, version);
    }

    public override bool TryRead(out ReadResult result)
    {
        if (_isCompleted)
            throw new InvalidOperationException("reading after the reader was completed");
        var isCanceled = Volatile.Read(ref _cancelRequested) != 0 && Interlocked.Exchange(ref _cancelRequested, 0) != 0;
        if (!isCanceled && !_hasUnexamined && !_hasEnded && _failure is null && !_connection.IsClosed)
        {
            result = default;
            return false;
        }
        if (!isCanceled && !_hasUnexamined)
        {
            _failure ??= _connection.IsClosed ? _connection.Failure : null;
            if (_failure is not null)
                throw _failure;
        }
        result = new ReadResult(Unread, isCanceled, _hasEnded || _connection.IsClosed);
        return true;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        if (_array is null)
            return;
        var (start, seen) = (consumed.GetInteger(), examined.GetInteger());
        if (!ReferenceEquals(consumed.GetObject(), _array) || !ReferenceEquals(examined.GetObject(), _array)
            || start < _start || seen < start || seen > _end)
            throw new InvalidOperationException("the position is not within what was read");
        _start = start;
        _hasUnexamined = seen < _end;
        if (_loan != NotLent)
            EndLoan();
        else if (_start == _end)
            ReturnArray();
    }

    public override void CancelPendingRead()
    {
        Interlocked.Exchange(ref _cancelRequested, 1);
        CancelParked();
    }

    public override void Complete(Exception? exception = null)
    {
        if (_isCompleted)
            return;
        _isCompleted = true;
        var waits = TryClaim();
        _hasUnexamined = false;
        _start = _end;
        if (_loan != NotLent)
            EndLoan();
        else
            ReturnArray();
        if (waits)
            Resume(new ReadResult(default, isCanceled: false, isCompleted: true));
    }

    ReadResult IValueTaskSource<ReadResult>.GetResult(short token) => _waiter.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<ReadResult>.GetStatus(short token) => _waiter.GetStatus(token);

    void IValueTaskSource<ReadResult>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _waiter.OnCompleted(continuation, state, token, flags);

    private ReadOnlySequence<byte> Unread => _array is null ? default : new ReadOnlySequence<byte>(_array, _start, _end - _start);

    private bool TryClaim() => Volatile.Read(ref _turn) == Parked && Interlocked.CompareExchange(ref _turn, Running, Parked) == Parked;

    private void ReceiveIntoLoan()
    {
        var loop = _connection.Loop;
        var buffer = loop.ReceiveBuffer;
        if (!TryReceive(buffer, 0, out var received))
            return;
        (_array, _start, _end) = (buffer, 0, received);
        _hasUnexamined = true;
        Volatile.Write(ref _loan, Lent);
        Resume(new ReadResult(new ReadOnlySequence<byte>(buffer, 0, received), isCanceled: false, isCompleted: false));
        if (Interlocked.CompareExchange(ref _loan, GivenAway, Lent) == Lent)
            loop.ReplaceReceiveBuffer();
    }

    private void ReceiveIntoOwn()
    {
        var kept = _end - _start;
        if (_end == _array!.Length)
            Keep(ArrayPool<byte>.Shared.Rent(kept * 2), returnOld: true);
        if (!TryReceive(_array!, _end, out var received))
            return;
        _end += received;
        _hasUnexamined = true;
        Resume(new ReadResult(Unread, isCanceled: false, isCompleted: false));
    }

    // True with bytes. Otherwise the reader was told of the end, or is parked again because there was nothing.
    private bool TryReceive(byte[] buffer, int offset, out int received)
    {
        var room = buffer.Length - offset;
        received = _connection.Receive(buffer.AsSpan(offset), out var error);
        if (received > 0)
        {
            // A full buffer may not have been all. Less is all there was: what comes later is reported anew, but the end may have been reported already.
            if (received == room || _connection.PeerHasHungUp)
                Volatile.Write(ref _isReadable, true);
            return true;
        }
        if (received == 0)
        {
            _hasEnded = true;
            Resume(new ReadResult(Unread, isCanceled: false, isCompleted: true));
        }
        else if (error == Libc.TryAgain)
        {
            ParkAgain();
        }
        else
        {
            _failure = EpollConnection.FailureOf(error);
            Fail(_failure);
        }
        return false;
    }

    private void ParkAgain()
    {
        Interlocked.Exchange(ref _turn, Parked);
        if (Volatile.Read(ref _cancelRequested) != 0)
            CancelParked();
    }

    private void CancelParked()
    {
        if (!TryClaim())
            return;
        if (Interlocked.Exchange(ref _cancelRequested, 0) != 0)
            Resume(new ReadResult(Unread, isCanceled: true, isCompleted: _hasEnded));
        else
            ParkAgain();
    }

    private void CancelRead(CancellationToken token)
    {
        if (TryClaim())
            Fail(new OperationCanceledException(token));
    }

    private void ResumeClosed()
    {
        _failure ??= _connection.Failure;
        if (_failure is not null)
        {
            Fail(_failure);
        }
        else
        {
            _hasEnded = true;
            Resume(new ReadResult(Unread, isCanceled: false, isCompleted: true));
        }
    }

    private void Resume(in ReadResult result)
    {
        EndCancellation();
        _waiter.SetResult(result);
    }

    private void Fail(Exception failure)
    {
        EndCancellation();
        _waiter.SetException(failure);
    }

    private void EndCancellation()
    {
        // Waits for a callback that runs, which has lost the claim and ends at once: it must not meet the next read.
        _cancellation.Dispose();
        _cancellation = default;
    }

    // What is left of the loop's buffer is copied before the loop may use it again.
    private void EndLoan()
    {
        var loan = _array!;
        if (_start == _end)
            _array = null;
        else
            Keep(ArrayPool<byte>.Shared.Rent(_end - _start + Room), returnOld: false);
        if (Interlocked.CompareExchange(ref _loan, NotLent, Lent) == Lent)
            return;
        // The loop has taken another one; nobody else knows this one any more.
        _loan = NotLent;
        ArrayPool<byte>.Shared.Return(loan);
    }

    private void Keep(byte[] array, bool returnOld)
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
