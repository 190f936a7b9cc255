using System.ComponentModel;
using System.IO.Pipelines;
using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;
using Swiper.Host.Transport.Native;

namespace Swiper.Host.Transport;

/// <summary>
/// One accepted socket. Only its loop receives from it and closes it. Any thread may send, under the lock of <see cref="EpollOutput"/>,
/// which is also held while closing the descriptor: the kernel reuses its number at once.
/// </summary>
internal sealed class EpollConnection : TransportConnection, IDuplexPipe, ISendQueueFeature
{
    private readonly EpollInput _input;
    private readonly EpollOutput _output;
    private readonly int _socket;
    private CancellationTokenSource? _closedSource;
    private TaskCompletionSource? _closing;
    private ConnectionAbortedException? _abortReason;
    private bool _isClosed;
    private bool _sendMetReset;

    public EpollConnection(int socket, EpollLoop loop, EndPoint? remote)
    {
        _socket = socket;
        _input = new EpollInput(this);
        _output = new EpollOutput(this);
        Loop = loop;
        RemoteEndPoint = remote;
        Transport = this;
    }

    public EpollLoop Loop { get; }

    /// <summary>Identifies this connection to its loop.</summary>
    public ulong Number { get; set; }

    /// <summary>Nothing is received or sent any more; the descriptor may have been reused.</summary>
    public bool IsClosed => Volatile.Read(ref _isClosed);

    /// <summary>The reason that reads throw after the connection was closed; null if they just end.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>The client has at least stopped sending; bytes it sent before may still be unread.</summary>
    public bool PeerHasHungUp { get; private set; }

    public override IDuplexPipe Transport { get; set; }

    public override EndPoint? LocalEndPoint
    {
        get => base.LocalEndPoint ??= ReadLocalEndPoint();
        set => base.LocalEndPoint = value;
    }

    public override CancellationToken ConnectionClosed
    {
        get
        {
            lock (_input)
            {
                if (PeerHasHungUp || IsClosed)
                    return new CancellationToken(canceled: true);
                return (_closedSource ??= new CancellationTokenSource()).Token;
            }
        }
        set => throw new NotSupportedException("the transport alone knows when the connection is closed");
    }

    PipeReader IDuplexPipe.Input => _input;

    PipeWriter IDuplexPipe.Output => _output;

    /// <summary>By the loop, when the socket is ready for something.</summary>
    public void OnReady(EpollEvents events)
    {
        const EpollEvents Ended = EpollEvents.PeerHangUp | EpollEvents.HangUp | EpollEvents.Error;
        if ((events & Ended) != 0 && !PeerHasHungUp)
        {
            PeerHasHungUp = true;
            TellClosed();
        }
        if ((events & (EpollEvents.Writable | Ended)) != 0)
            _output.OnWritable();
        if ((events & (EpollEvents.Readable | Ended)) != 0)
            _input.OnReadable();
    }

    /// <summary>By the loop, for a reader that parked while bytes were available.</summary>
    public void Receive() => _input.Receive();

    /// <summary>By the loop, while it is open: whether the loop is told of what arrives.</summary>
    public void Listen(bool toReadable) => Loop.Listen(_socket, Number, toReadable);

    /// <summary>The bytes received; 0 at the end; -1 with an error number.</summary>
    public int Receive(Span<byte> into, out int error)
    {
        while (true)
        {
            error = 0;
            var received = Libc.Receive(_socket, ref MemoryMarshal.GetReference(into), (nuint)into.Length, Libc.DontWait);
            if (received > 0)
                return (int)received;
            if (received == 0)
            {
                if (!HasBeenReset())
                    return 0;
                error = Libc.ConnectionReset;
                return -1;
            }
            error = Marshal.GetLastPInvokeError();
            if (error != Libc.Interrupted)
                return -1;
        }
    }

    /// <summary>By the output, under its lock. The bytes sent; -1 with an error number.</summary>
    public int Send(ReadOnlySpan<byte> bytes, out int error)
    {
        while (true)
        {
            error = 0;
            var sent = Libc.Send(_socket, ref MemoryMarshal.GetReference(bytes), (nuint)bytes.Length, Libc.DontWait | Libc.NoSignal);
            if (sent >= 0)
                return (int)sent;
            error = Marshal.GetLastPInvokeError();
            if (error == Libc.Interrupted)
                continue;
            _sendMetReset |= error == Libc.ConnectionReset;
            return -1;
        }
    }

    SendQueue? ISendQueueFeature.Read()
    {
        lock (_output)
            return IsClosed ? null : Libc.SendQueueOf(_socket);
    }

    /// <summary>The exception that a failed receive means for the reader.</summary>
    public static IOException FailureOf(int error)
    {
        var cause = new Win32Exception(error);
        return error is Libc.ConnectionReset or Libc.TimedOut or Libc.BrokenPipe
            ? new ConnectionResetException(cause.Message, cause)
            : new IOException(cause.Message, cause);
    }

    /// <summary>
    /// Under the lock of the output, once everything is sent: shuts down the sending side, or resumes what waited for that.
    /// </summary>
    public void OnOutputEnded()
    {
        if (_closing is not null)
            Loop.PostClose(this);
        else if (!IsClosed)
            _ = Libc.Shutdown(_socket, Libc.ShutdownSend);
    }

    /// <summary>Ends the connection at once, with a reset if possible: unsent and unread bytes are lost.</summary>
    public override void Abort(ConnectionAbortedException abortReason)
    {
        if (Interlocked.CompareExchange(ref _abortReason, abortReason, null) is null)
            Loop.PostClose(this);
    }

    /// <summary>Sends what is left, if the client reads it in time; completes when the connection is closed.</summary>
    public override async ValueTask DisposeAsync()
    {
        _input.Complete();
        _output.Complete();
        Task closed;
        bool hasUnsent;
        lock (_output)
        {
            if (IsClosed)
                return;
            _closing ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            closed = _closing.Task;
            hasUnsent = _output.HasUnsent;
        }
        if (!hasUnsent)
            Loop.PostClose(this);
        else if (await Task.WhenAny(closed, Task.Delay(Loop.SendTimeout)) != closed)
            Abort(new ConnectionAbortedException("the client did not read the last bytes"));
        await closed;
        await base.DisposeAsync();
    }

    /// <summary>By the loop. Completes all pending reads and flushes.</summary>
    public void Close()
    {
        lock (_output)
        {
            if (_isClosed)
                return;
            Failure = Volatile.Read(ref _abortReason);
            // The kernel then resets the connection and drops its buffers.
            if (Failure is not null)
                _ = Libc.SetOption(_socket, Libc.SocketLevel, Libc.Linger, new Libc.LingerTime(On: 1, Seconds: 0),
                    Unsafe.SizeOf<Libc.LingerTime>());
            Volatile.Write(ref _isClosed, true);
            _ = Libc.Close(_socket);
        }
        Loop.Remove(this);
        _output.OnClosed();
        _input.OnClosed();
        TellClosed();
        _closing?.TrySetResult();
    }

    // The kernel reports a reset only to the first call; after that the socket has just ended.
    private bool HasBeenReset()
    {
        lock (_output)
            return _sendMetReset;
    }

    private void TellClosed()
    {
        CancellationTokenSource? source;
        lock (_input)
            (source, _closedSource) = (_closedSource, null);
        // Not here: registered callbacks may block.
        if (source is not null)
            ThreadPool.UnsafeQueueUserWorkItem(static told =>
                told.Connection.Cancel(told.Source), (Connection: this, Source: source), preferLocal: false);
    }

    private void Cancel(CancellationTokenSource source)
    {
        try
        {
            source.Cancel();
        }
        catch (AggregateException exception)
        {
            Loop.OnCallbackFailed(this, exception);
        }
    }

    private IPEndPoint? ReadLocalEndPoint()
    {
        Span<byte> address = stackalloc byte[NativeAddress.MaxSize];
        var length = address.Length;
        lock (_output)
        {
            if (IsClosed || Libc.GetLocalAddress(_socket, ref MemoryMarshal.GetReference(address), ref length) < 0)
                return null;
        }
        return NativeAddress.Read(address[..length]);
    }
}
