using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Swiper.Core.Protocol;

namespace Swiper.Core.Dispatch;

/// <summary>
/// The one place where frames to a connection come together: replies of its loop, replies that stores give later on their own
/// threads, and pushes. They are sent in the order in which they were ended or appended, whichever thread did it. Whoever finds the
/// pipe free becomes its owner, writes and flushes; the others leave their frames in <c>_pending</c>, which the owner sends before it
/// lets go. While the loop's batch is open nothing leaves <c>_pending</c>: the loop writes in place as long as it is empty and joins
/// it as soon as it is not, and the end of the batch sends it. No lock is held while anything is sent or handled, so that a loop
/// may write to any other connection.
/// </summary>
public sealed class FrameOutput : IFrameQueue
{
    private readonly PipeWriter _pipe;
    private readonly Action _abort;
    private readonly int _maxUnsent;

    // Also the lock of everything here: an idle connection has no bytes to spare for a lock of its own.
    private readonly PooledBufferWriter _pending = new();
    private LoopSignal? _released;
    private Action? _onFlushed;
    private ConfiguredValueTaskAwaitable<FlushResult>.ConfiguredValueTaskAwaiter _flush;

    // Where the loop writes a frame before it joins _pending, while the pipe is somebody else's.
    private PooledBufferWriter? _scratch;

    // Pushes that come after the reply to a sign-in under way; null while there is none.
    private PooledBufferWriter? _delayed;
    private int _signIns;
    private bool _owned;
    private bool _inBatch;
    private bool _batchOwnsPipe;

    // The loop's next frame joins _pending: it is not empty, or the pipe is somebody else's.
    private volatile bool _hasWaiting;
    private bool _flushWaits;
    private bool _held;

    // Takes no more frames; those in _pending are still sent.
    private bool _closed;

    /// <param name="pipe">What is sent to the client.</param>
    /// <param name="maxUnsent">Bytes that may wait for a client that does not read; beyond them it is cut off.</param>
    /// <param name="abort">Cuts the connection.</param>
    public FrameOutput(PipeWriter pipe, int maxUnsent, Action abort)
    {
        _pipe = pipe;
        _maxUnsent = maxUnsent;
        _abort = abort;
    }

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

    /// <summary>Sends the replies, and what was appended meanwhile.</summary>
    public void EndBatch(ref FrameWriter replies)
    {
        replies.Flush();
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
                // Somebody owned the pipe when the batch began, and may own it still.
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

    /// <summary>False while what was sent waits for the client to read.</summary>
    public bool IsSent => !Volatile.Read(ref _flushWaits);

    /// <summary>At once, unless what was sent waits for the client to read: the loop must not read more until it has.</summary>
    public ValueTask WhenSentAsync()
    {
        lock (_pending)
            return _flushWaits ? (_released ??= new LoopSignal()).Arm() : ValueTask.CompletedTask;
    }

    /// <summary>Appends a reply from any thread. After the connection has closed it goes nowhere.</summary>
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
            _hasWaiting = true;
        }
        Appended();
    }

    /// <summary>Appends a push from any thread; during a sign-in behind the reply to it.</summary>
    public void AppendPush<TPush>(Opcode opcode, long seq, in TPush push)
        where TPush : IPayload<TPush> => AppendPush(opcode, seq, push, isMissed: false);

    /// <summary>Appends a push that the client missed, which comes before the reply to the sign-in.</summary>
    internal void AppendMissedPush<TPush>(Opcode opcode, long seq, in TPush push)
        where TPush : IPayload<TPush> => AppendPush(opcode, seq, push, isMissed: true);

    /// <summary>From now on live pushes are another user's, and wait for the reply that says whose.</summary>
    internal void DelayPushes()
    {
        lock (_pending)
        {
            _signIns++;
            _delayed ??= new PooledBufferWriter();
        }
    }

    /// <summary>The sign-in was answered, or there is nobody to be signed in: its pushes follow.</summary>
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

    /// <summary>Sends what was appended, unless an owner is at it already or a batch is open, which ends with it.</summary>
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

    /// <summary>Ends the output; returns once all frames that were there have been sent. Those that come later go nowhere.</summary>
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
            // An owner that is not waiting for the client is between two instructions of another thread.
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

    // By the owner, without the lock. Either lets the pipe go or leaves that to OnFlushed.
    private void Send()
    {
        do
        {
#pragma warning disable CA2012 // A field, because the continuation is one cached delegate; it is consumed once, in TryRelease.
            _flush = _pipe.FlushAsync().ConfigureAwait(false).GetAwaiter();
#pragma warning restore CA2012
            if (!_flush.IsCompleted)
            {
                lock (_pending)
                    _flushWaits = true;
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
            // The transport has failed the connection: nobody is left to tell.
            gone = true;
        }
        lock (_pending)
        {
            if (gone)
                Drop();
            // What was appended during a batch that is still open leaves at its end.
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
        _flushWaits = false;
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
