using System.IO.Pipelines;
using System.Threading.Tasks.Sources;
using Swiper.Host.Transport.Native;

namespace Swiper.Host.Transport;

/// <summary>
/// The receiving side of a connection. Nothing is received before the reader waits for it, so a busy reader applies back-pressure to
/// its client, and an idle connection has no buffer.
/// <para>
/// The reader and the loop take turns. While <c>Running</c> the reader owns all fields. While <c>Parked</c> it waits, and the party that
/// changes that to <c>Claimed</c> (the loop with bytes, a cancellation, the end of the connection) owns them until it resumes the reader
/// or parks it again.
/// </para>
/// </summary>
internal sealed class EpollInput(EpollConnection connection) : PipeReader, IValueTaskSource<ReadResult>
{
    // States of the turn.
    private const int Running = 0;
    private const int Parked = 1;
    private const int Claimed = 2;

    private readonly EpollConnection _connection = connection;
    private ManualResetValueTaskSourceCore<ReadResult> _waiter;
    private CancellationTokenRegistration _cancellation;
    private ReceivedBytes _bytes;
    private Exception? _failure;
    private int _turn;
    private int _cancelRequested;
    private bool _isReadable;
    // The loop is not told of what arrives. Used by the loop only.
    private bool _isDeaf;
    private bool _hasEnded;
    private bool _isCompleted;

    /// <summary>By the loop: there is something to receive. Receives it if the reader waits, and runs the reader.</summary>
    public void OnReadable()
    {
        // The reader is busy with something else and has been told already: each further segment would wake the loop for nothing.
        if (Volatile.Read(ref _isReadable) && Volatile.Read(ref _turn) == Running && !_isDeaf && !_connection.IsClosed)
        {
            _connection.Listen(toReadable: false);
            _isDeaf = true;
        }
        Volatile.Write(ref _isReadable, true);
        // Written before reading the turn; the reader parks before reading this.
        Interlocked.MemoryBarrier();
        Receive();
    }

    /// <summary>By the loop, for a reader that parked while bytes were available.</summary>
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
        // Before receiving: what arrives after that must be told of.
        if (_isDeaf)
        {
            _isDeaf = false;
            _connection.Listen(toReadable: true);
        }
        if (_bytes.IsEmpty)
            ReceiveIntoLoan();
        else
            ReceiveIntoOwn();
    }

    /// <summary>After the connection was closed: completes a pending read.</summary>
    public void OnClosed()
    {
        if (TryClaim())
            ResumeClosed();
    }

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<ReadResult>(cancellationToken);
        if (TryRead(out var result))
            return new ValueTask<ReadResult>(result);

        _waiter.Reset();
        var version = _waiter.Version;
        if (cancellationToken.CanBeCanceled)
        {
            _cancellation = cancellationToken.UnsafeRegister(static (input, token) => ((EpollInput)input!).CancelRead(token), this);
            // A token already cancelled has no registration, and Park must find the token in it.
            if (cancellationToken.IsCancellationRequested)
            {
                EndCancellation();
                return ValueTask.FromCanceled<ReadResult>(cancellationToken);
            }
        }
        Park(cancellationToken);
        return new ValueTask<ReadResult>(this, version);
    }

    public override bool TryRead(out ReadResult result)
    {
        if (_isCompleted)
            throw new InvalidOperationException("reading after the reader was completed");
        if (Volatile.Read(ref _turn) != Running)
            throw new InvalidOperationException("a read is under way");
        var isCanceled = Volatile.Read(ref _cancelRequested) != 0 && Interlocked.Exchange(ref _cancelRequested, 0) != 0;
        if (_connection.IsClosed)
            NoteClosed();
        // Before the received bytes: a truncated stream must not look complete.
        if (_failure is not null && !isCanceled)
            throw _failure;
        if (!isCanceled && !_bytes.HasUnexamined && !_hasEnded)
        {
            result = default;
            return false;
        }
        result = new ReadResult(_bytes.Unread, isCanceled, _hasEnded);
        return true;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => _bytes.Advance(consumed, examined);

    public override void CancelPendingRead()
    {
        Interlocked.Exchange(ref _cancelRequested, 1);
        CancelParked();
    }

    public override void Complete(Exception? exception = null)
    {
        if (_isCompleted)
            return;
        var waits = ClaimOrOwn();
        _isCompleted = true;
        _bytes.Clear();
        if (waits)
            Resume(new ReadResult(default, isCanceled: false, isCompleted: true));
    }

    ReadResult IValueTaskSource<ReadResult>.GetResult(short token) => _waiter.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<ReadResult>.GetStatus(short token) => _waiter.GetStatus(token);

    void IValueTaskSource<ReadResult>.OnCompleted(Action<object?> continuation, object? state, short token,
        ValueTaskSourceOnCompletedFlags flags) =>
        _waiter.OnCompleted(continuation, state, token, flags);

    // Events that occurred before the reader parked could not resume it, so check for them afterwards: every other party does its part
    // first and then reads the turn.
    private void Park(CancellationToken token)
    {
        Interlocked.Exchange(ref _turn, Parked);
        // From here on any party may claim and resume the waiter at any instant.
        if (_connection.IsClosed)
            OnClosed();
        else if (Volatile.Read(ref _cancelRequested) != 0)
            CancelParked();
        else if (token.IsCancellationRequested)
            CancelRead(token);
        else if (Volatile.Read(ref _isReadable))
            _connection.Loop.PostReceive(_connection);
    }

    private bool TryClaim() => Volatile.Read(ref _turn) == Parked && Interlocked.CompareExchange(ref _turn, Claimed, Parked) == Parked;

    // True if a parked reader was claimed, false if the caller has the turn. Another party that has claimed it is at most in a system
    // call.
    private bool ClaimOrOwn()
    {
        for (var spin = new SpinWait(); Volatile.Read(ref _turn) != Running; spin.SpinOnce())
        {
            if (TryClaim())
                return true;
        }
        return false;
    }

    private void ReceiveIntoLoan()
    {
        var loop = _connection.Loop;
        var buffer = loop.ReceiveBuffer;
        if (!TryReceive(buffer, out var received))
            return;
        _bytes.Lend(buffer, received);
        Resume(new ReadResult(_bytes.Unread, isCanceled: false, isCompleted: false));
        if (!_bytes.TryTakeBack())
            loop.ReplaceReceiveBuffer();
    }

    private void ReceiveIntoOwn()
    {
        if (!TryReceive(_bytes.RoomForMore().Span, out var received))
            return;
        _bytes.Append(received);
        Resume(new ReadResult(_bytes.Unread, isCanceled: false, isCompleted: false));
    }

    // True with bytes. Otherwise the reader was resumed with the end, or is parked again because there was nothing.
    private bool TryReceive(Span<byte> room, out int received)
    {
        received = _connection.Receive(room, out var error);
        if (received > 0)
        {
            // After a full buffer there may be more. Less means that all was read: epoll will report later bytes, but may already have
            // reported the end.
            if (received == room.Length || _connection.PeerHasHungUp)
                Volatile.Write(ref _isReadable, true);
            return true;
        }
        if (received == 0)
        {
            _hasEnded = true;
            Resume(new ReadResult(_bytes.Unread, isCanceled: false, isCompleted: true));
        }
        else if (error == Libc.TryAgain)
        {
            Park(_cancellation.Token);
        }
        else
        {
            _failure = EpollConnection.FailureOf(error);
            Fail(_failure);
        }
        return false;
    }

    private void CancelParked()
    {
        if (!TryClaim())
            return;
        if (Interlocked.Exchange(ref _cancelRequested, 0) != 0)
            Resume(new ReadResult(_bytes.Unread, isCanceled: true, isCompleted: _hasEnded));
        else
            Park(_cancellation.Token);
    }

    private void CancelRead(CancellationToken token)
    {
        if (TryClaim())
            Fail(new OperationCanceledException(token));
    }

    private void ResumeClosed()
    {
        NoteClosed();
        if (_failure is not null)
            Fail(_failure);
        else
            Resume(new ReadResult(_bytes.Unread, isCanceled: false, isCompleted: true));
    }

    private void NoteClosed()
    {
        _failure ??= _connection.Failure;
        _hasEnded = _failure is null;
    }

    private void Resume(in ReadResult result)
    {
        EndCancellation();
        Volatile.Write(ref _turn, Running);
        _waiter.SetResult(result);
    }

    private void Fail(Exception failure)
    {
        EndCancellation();
        Volatile.Write(ref _turn, Running);
        _waiter.SetException(failure);
    }

    private void EndCancellation()
    {
        // Waits for a running callback, which has lost the claim and ends at once: it must not overlap the next read.
        _cancellation.Dispose();
        _cancellation = default;
    }
}
