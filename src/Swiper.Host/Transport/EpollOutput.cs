using System.Buffers;
using System.IO.Pipelines;
using System.Threading.Tasks.Sources;
using Swiper.Host.Transport.Native;

namespace Swiper.Host.Transport;

/// <summary>
/// The sending side of a connection. A flush sends at once, on the caller's thread; the loop sends the rest when the socket becomes
/// writable, and the flush completes once the kernel has the last byte. There is a buffer only from the first write to the end of its
/// flush.
/// <para>
/// <c>_buffer</c> holds <c>[sent, committed)</c>, which was flushed and waits for the client, and <c>[committed, written)</c>, which is
/// not yet flushed. It may be replaced or returned only while the writer holds no span of it: by the writer itself, or while a flush
/// waits.
/// </para>
/// </summary>
internal sealed class EpollOutput(EpollConnection connection) : PipeWriter, IValueTaskSource<FlushResult>
{
    // Rarely too small for the replies of one read, and the pool reuses the same few buffers across connections.
    private const int BufferSize = 64 * 1024;

    private readonly EpollConnection _connection = connection;
    private ManualResetValueTaskSourceCore<FlushResult> _waiter;
    private CancellationTokenRegistration _cancellation;
    private byte[]? _buffer;
    private int _sent;
    private int _committed;
    private int _written;

    // A send is in progress, or bytes wait for the client; the loop reads this without the lock.
    private bool _isSending;
    private bool _isParked;
    private bool _cancelRequested;
    private bool _isBroken;
    private bool _isCompleted;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _written - _committed;

    /// <summary>True while bytes wait for the client to read.</summary>
    public bool HasUnsent
    {
        get
        {
            lock (this)
                return _sent < _committed && !IsGone;
        }
    }

    /// <summary>By the loop: the socket is writable again.</summary>
    public void OnWritable()
    {
        // Set before sending, so it is visible here whenever a send found the socket full.
        if (!Volatile.Read(ref _isSending))
            return;
        bool waits;
        lock (this)
        {
            if (!_isSending || !TrySend())
                return;
            waits = TryUnpark();
            if (_isCompleted)
                End();
        }
        if (waits)
            Resume(new FlushResult(isCanceled: false, IsGone));
    }

    /// <summary>After the connection was closed: nothing more can be sent.</summary>
    public void OnClosed()
    {
        lock (this)
        {
            _isSending = false;
            if (!TryUnpark())
                return;
        }
        Resume(new FlushResult(isCanceled: false, isCompleted: true));
    }

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsMemory(_written);
    }

    public override Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsSpan(_written);
    }

    public override void Advance(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)bytes, (uint)((_buffer?.Length ?? 0) - _written));
        _written += bytes;
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<FlushResult>(cancellationToken);
        short version;
        lock (this)
        {
            ThrowIfCompleted();
            if (_isParked)
                throw new InvalidOperationException("a flush is under way");
            _committed = _written;
            var isSent = TrySend();
            if (isSent)
                ReturnBuffer();
            else
                Shrink();
            if (_cancelRequested)
            {
                _cancelRequested = false;
                return new ValueTask<FlushResult>(new FlushResult(isCanceled: true, IsGone));
            }
            if (isSent)
                return new ValueTask<FlushResult>(new FlushResult(isCanceled: false, IsGone));
            _waiter.Reset();
            version = _waiter.Version;
            _isParked = true;
            // Under the lock: the wait can't end before its registration can be disposed.
            if (cancellationToken.CanBeCanceled)
                _cancellation =
                    cancellationToken.UnsafeRegister(static (output, token) => ((EpollOutput)output!).CancelFlush(token), this);
        }
        return new ValueTask<FlushResult>(this, version);
    }

    public override void CancelPendingFlush()
    {
        lock (this)
        {
            // The bytes are still sent; only waiting for them ends.
            if (!_isParked)
            {
                _cancelRequested = true;
                return;
            }
            _isParked = false;
        }
        Resume(new FlushResult(isCanceled: true, IsGone));
    }

    /// <summary>Sends what was written, then shuts down the sending side.</summary>
    public override void Complete(Exception? exception = null)
    {
        bool waits;
        lock (this)
        {
            if (_isCompleted)
                return;
            _isCompleted = true;
            _committed = _written;
            if (!TrySend())
                return;
            waits = TryUnpark();
            End();
        }
        if (waits)
            Resume(new FlushResult(isCanceled: false, IsGone));
    }

    FlushResult IValueTaskSource<FlushResult>.GetResult(short token) => _waiter.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<FlushResult>.GetStatus(short token) => _waiter.GetStatus(token);

    void IValueTaskSource<FlushResult>.OnCompleted(Action<object?> continuation, object? state, short token,
        ValueTaskSourceOnCompletedFlags flags) =>
        _waiter.OnCompleted(continuation, state, token, flags);

    // Sent bytes no longer reach anyone.
    private bool IsGone => _isBroken || _connection.IsClosed;

    private void ThrowIfCompleted()
    {
        if (_isCompleted)
            throw new InvalidOperationException("writing after the writer was completed");
    }

    private void Reserve(int sizeHint)
    {
        ThrowIfCompleted();
        var needed = Math.Max(sizeHint, 1);
        if (_buffer is null)
            _buffer = ArrayPool<byte>.Shared.Rent(Math.Max(needed, BufferSize));
        else if (_buffer.Length - _written < needed)
            Grow(needed);
    }

    private void Grow(int needed)
    {
        lock (this)
            Replace(ArrayPool<byte>.Shared.Rent(Math.Max(_written - _sent + needed, 2 * (_written - _sent))));
    }

    // A client that does not read costs only the bytes waiting for it.
    private void Shrink()
    {
        var waiting = _committed - _sent;
        if (waiting <= _buffer!.Length / 2)
            Replace(ArrayPool<byte>.Shared.Rent(waiting));
    }

    private void Replace(byte[] buffer)
    {
        Buffer.BlockCopy(_buffer!, _sent, buffer, 0, _written - _sent);
        ArrayPool<byte>.Shared.Return(_buffer!);
        (_buffer, _sent, _committed, _written) = (buffer, 0, _committed - _sent, _written - _sent);
    }

    private void ReturnBuffer()
    {
        if (_buffer is null)
            return;
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = null;
        _sent = _committed = _written = 0;
    }

    // True if nothing is waiting any more: everything was sent, or it can no longer be sent.
    private bool TrySend()
    {
        Volatile.Write(ref _isSending, true);
        while (_sent < _committed && !IsGone)
        {
            var sent = _connection.Send(_buffer.AsSpan(_sent, _committed - _sent), out var error);
            if (sent >= 0)
                _sent += sent;
            else if (error == Libc.TryAgain)
                return false;
            else
                _isBroken = true;
        }
        _sent = _committed;
        Volatile.Write(ref _isSending, false);
        return true;
    }

    private bool TryUnpark()
    {
        if (!_isParked)
            return false;
        _isParked = false;
        ReturnBuffer();
        return true;
    }

    private void End()
    {
        ReturnBuffer();
        _connection.OnOutputEnded();
    }

    private void CancelFlush(CancellationToken token)
    {
        lock (this)
        {
            if (!_isParked)
                return;
            _isParked = false;
        }
        _waiter.SetException(new OperationCanceledException(token));
    }

    private void Resume(in FlushResult result)
    {
        // Waits for a running callback, which has found nothing parked and ends at once: it must not overlap the next flush.
        _cancellation.Dispose();
        _cancellation = default;
        _waiter.SetResult(result);
    }
}
