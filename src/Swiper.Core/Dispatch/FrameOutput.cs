using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Swiper.Core.Protocol;

namespace Swiper.Core.Dispatch;

/// <summary>
/// All frames to a connection pass through here: replies from its loop, later replies from the threads of stores, and pushes. They are
/// sent in the order in which they were ended or appended, by any thread. A thread that finds the pipe free becomes its owner, writes
/// and flushes; the others queue their frames in <c>_pending</c>, which the owner sends before it releases the pipe. While the loop's
/// batch is open, <c>_pending</c> is not sent: the loop writes in place while it is empty and otherwise appends to it, and the end of
/// the batch sends it. No lock is held while sending or handling, so a loop may write to any other connection.
/// </summary>
public sealed class FrameOutput : IFrameQueue
{
    private readonly PipeWriter _pipe;
    private readonly Action _abort;
    private readonly int _maxUnsent;
    private readonly bool _tellsUnflushed;
    private readonly Traffic? _traffic;

    // Also serves as the lock: a separate one would cost memory in every idle connection.
    private readonly PooledBufferWriter _pending = new();
    private LoopSignal? _released;
    private Action? _onFlushed;
    private ConfiguredValueTaskAwaitable<FlushResult>.ConfiguredValueTaskAwaiter _flush;

    // The loop writes a frame here before it joins _pending, while another thread owns the pipe.
    private PooledBufferWriter? _scratch;

    // Pushes to send after the reply to the sign-in in flight; null if there is none.
    private PooledBufferWriter? _delayed;
    private int _signIns;
    private bool _owned;
    private bool _inBatch;
    private bool _batchOwnsPipe;

    // The loop's next frame joins _pending: it is not empty, or another thread owns the pipe.
    private volatile bool _hasWaiting;
    private bool _flushWaits;
    private bool _held;
    private int _flushes;

    // Of the flush that waits for the client: when it began to, and how much it sends.
    private long _unsentSince = long.MaxValue;
    private long _flushing;

    // Accepts no more frames; those in _pending are still sent.
    private volatile bool _closed;

    /// <param name="pipe">Leads to the client.</param>
    /// <param name="maxUnsent">Bytes that may wait for a client that does not read; beyond them it is cut off.</param>
    /// <param name="abort">Cuts the connection.</param>
    /// <param name="traffic">Counts what is sent; null for nobody.</param>
    public FrameOutput(PipeWriter pipe, int maxUnsent, Action abort, Traffic? traffic = null)
    {
        _traffic = traffic;
        _pipe = pipe;
        _maxUnsent = maxUnsent;
        _tellsUnflushed = pipe.CanGetUnflushedBytes;
        _abort = abort;
    }

    /// <summary>Counts what the connection receives and is sent; null for nobody.</summary>
    public Traffic? Traffic => _traffic;

    bool IFrameQueue.HasWaiting => _hasWaiting;

    /// <summary>For the replies of one read, by the loop; <see cref="EndBatch"/> sends them.</summary>
    public FrameWriter BeginBatch()
    {
        lock (_pending)
        {
            _inBatch = true;
            _batchOwnsPipe = !_owned && !_closed;
            _hasWaiting = !_batchOwnsPipe || _pending.Length > 0;
            if (_batchOwnsPipe)
            {
                _owned = true;
                return new FrameWriter(_pipe, this);
            }
        }
        return new FrameWriter(_scratch ??= new PooledBufferWriter(), this);
    }

    /// <summary>Sends the replies and the frames appended since the batch began.</summary>
    public void EndBatch(ref FrameWriter replies)
    {
        replies.Flush();
        if (replies.HasFrames)
            _traffic?.Sent(replies.Length);
        lock (_pending)
        {
            _inBatch = false;
            if (_batchOwnsPipe)
            {
                _batchOwnsPipe = false;
                if (_pending.Length > 0)
                    MovePending();
                else if (!replies.HasFrames)
                {
                    Release();
                    return;
                }
            }
            else
            {
                // Another thread owned the pipe when the batch began, and may still own it.
                _scratch!.Clear();
                if (!TryTakePending())
                    return;
            }
        }
        Send();
    }

    void IFrameQueue.Enqueue(ReadOnlySpan<byte> content)
    {
        lock (_pending)
        {
            if (_closed)
                return;
            BinaryPrimitives.WriteInt32BigEndian(_pending.GetSpan(FrameReader.LengthPrefix), content.Length);
            _pending.Advance(FrameReader.LengthPrefix);
            _pending.Write(content);
        }
    }

    /// <summary>True once the client can't be reached, or the output was closed: further replies are dropped.</summary>
    public bool IsClosed => _closed;

    /// <summary>False while so much waits to be sent that no further request should begin: half of what may wait.</summary>
    public bool HasRoom => _pending.Length <= _maxUnsent / 2;

    /// <summary>False while sent bytes wait for the client to read them.</summary>
    public bool IsSent => !Volatile.Read(ref _flushWaits);

    /// <summary>
    /// Since when the client has left bytes unread, of <see cref="Environment.TickCount64"/>: the time of the flush that waits for it, or
    /// <see cref="long.MaxValue"/>. From any thread, whatever the loop does.
    /// </summary>
    public long UnsentSince => Volatile.Read(ref _unsentSince);

    /// <summary>Changes with each flush; from any thread.</summary>
    public int Flushes => Volatile.Read(ref _flushes);

    /// <summary>Bytes held for the client, roughly; from any thread.</summary>
    public long Buffered => !_hasWaiting && IsSent && _delayed is null
        ? 0 : Volatile.Read(ref _flushing) + _pending.Length + (Volatile.Read(ref _delayed)?.Length ?? 0);

    /// <summary>Completes at once unless sent bytes wait for the client to read them; until then the loop must not read more.</summary>
    public ValueTask WhenSentAsync()
    {
        lock (_pending)
            return _flushWaits ? (_released ??= new LoopSignal()).Arm() : ValueTask.CompletedTask;
    }

    /// <summary>Appends a reply from any thread. It is dropped if the connection has closed.</summary>
    public void AppendReply<TReply>(uint id, in Outcome<TReply> outcome)
        where TReply : IPayload<TReply>
    {
        lock (_pending)
        {
            if (_closed)
                return;
            var frames = new FrameWriter(_pending);
            Reply.Write(ref frames, id, outcome);
            frames.Flush();
            _traffic?.Sent(frames.Length);
            _hasWaiting = true;
        }
        Appended();
    }

    /// <summary>Appends a push from any thread; during a sign-in, after its reply.</summary>
    public void AppendPush<TPush>(Opcode opcode, long seq, in TPush push)
        where TPush : IPayload<TPush> => AppendPush(opcode, seq, push, isMissed: false);

    /// <summary>Appends a missed push, which precedes the reply to the sign-in.</summary>
    internal void AppendMissedPush<TPush>(Opcode opcode, long seq, in TPush push)
        where TPush : IPayload<TPush> => AppendPush(opcode, seq, push, isMissed: true);

    /// <summary>Holds live pushes back until the reply to the sign-in in flight.</summary>
    internal void DelayPushes()
    {
        lock (_pending)
        {
            _signIns++;
            _delayed ??= new PooledBufferWriter();
        }
    }

    /// <summary>Releases the held pushes: the sign-in was answered or abandoned.</summary>
    internal void ReleasePushes()
    {
        lock (_pending)
        {
            if (--_signIns > 0)
                return;
            var delayed = _delayed!;
            _delayed = null;
            if (delayed.Length == 0)
                return;
            if (!_closed)
            {
                _pending.Write(delayed.Written);
                _hasWaiting = true;
            }
            delayed.Clear();
        }
        Appended();
    }

    /// <summary>Sends appended frames, unless an owner is already doing so or an open batch will.</summary>
    internal void Flush()
    {
        lock (_pending)
        {
            _held = false;
            if (_inBatch || !TryTakePending())
                return;
        }
        Send();
    }

    /// <summary>Completes the output once all appended frames have been sent. Later frames are dropped.</summary>
    public async ValueTask CloseAsync()
    {
        lock (_pending)
            _closed = true;
        while (true)
        {
            // A scope may hold frames back.
            Flush();
            lock (_pending)
            {
                if (!_owned)
                    return;
            }
            // An owner that is not waiting for the client is about to finish on another thread.
            await WhenSentAsync();
            await Task.Yield();
        }
    }

    private void AppendPush<TPush>(Opcode opcode, long seq, in TPush push, bool isMissed)
        where TPush : IPayload<TPush>
    {
        lock (_pending)
        {
            if (_closed)
                return;
            var isDelayed = _delayed is not null && !isMissed;
            var frames = new FrameWriter(isDelayed ? _delayed! : _pending);
            var frame = frames.Begin();
            Envelope.WritePush(ref frame, opcode, seq);
            push.Write(ref frame);
            frames.End(ref frame);
            frames.Flush();
            _traffic?.Sent(frames.Length);
            _traffic?.Pushed(opcode);
            _hasWaiting |= !isDelayed;
        }
        Appended();
    }

    private void Appended()
    {
        bool flush;
        bool tooMuch;
        lock (_pending)
        {
            tooMuch = _pending.Length + (_delayed?.Length ?? 0) > _maxUnsent;
            if (tooMuch)
                Drop();
            flush = !_owned && !_inBatch && !_held;
            if (flush && FlushScope.TryHold(this))
            {
                _held = true;
                flush = false;
            }
        }
        if (tooMuch)
            _abort();
        else if (flush)
            Flush();
    }

    private bool TryTakePending()
    {
        if (_owned || _pending.Length == 0)
            return false;
        _owned = true;
        MovePending();
        return true;
    }

    private void MovePending()
    {
        _pipe.Write(_pending.Written);
        _pending.Clear();
    }

    // Called by the owner, without the lock. Releases the pipe or leaves that to OnFlushed.
    private void Send()
    {
        do
        {
            var flushing = _tellsUnflushed ? _pipe.UnflushedBytes : 0;
#pragma warning disable CA2012 // A field, because the continuation is one cached delegate; it is consumed once, in TryRelease.
            _flush = _pipe.FlushAsync().ConfigureAwait(false).GetAwaiter();
#pragma warning restore CA2012
            _flushes++;
            if (!_flush.IsCompleted)
            {
                lock (_pending)
                {
                    _flushWaits = true;
                    _flushing = flushing;
                    Volatile.Write(ref _unsentSince, Environment.TickCount64);
                }
                _flush.UnsafeOnCompleted(_onFlushed ??= OnFlushed);
                return;
            }
        }
        while (!TryRelease());
    }

    private void OnFlushed()
    {
        if (!TryRelease())
            Send();
    }

    private bool TryRelease()
    {
        bool gone;
        try
        {
            gone = _flush.GetResult().IsCompleted;
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException or OperationCanceledException)
        {
            // The transport has failed the connection: the client can't be reached.
            gone = true;
        }
        lock (_pending)
        {
            if (gone)
                Drop();
            // Frames appended during an open batch are sent when it ends.
            if (_pending.Length > 0 && !_inBatch)
            {
                MovePending();
                return false;
            }
            Release();
            return true;
        }
    }

    private void Release()
    {
        _owned = false;
        if (_flushWaits)
        {
            _flushWaits = false;
            _flushing = 0;
            Volatile.Write(ref _unsentSince, long.MaxValue);
        }
        if (_released is { IsArmed: true })
            _released.Set();
    }

    private void Drop()
    {
        _closed = true;
        _pending.Clear();
        _delayed?.Clear();
    }
}
