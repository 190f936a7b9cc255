using System.Buffers;
using System.Diagnostics;
using Microsoft.AspNetCore.Connections;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Host.Transport;

namespace Swiper.Host.Connections;

/// <summary>
/// Passes frames from one connection to the dispatcher until the client leaves, is cut off, or the server stops. All complete frames of
/// a read are dispatched, and their replies flushed once.
/// </summary>
internal sealed class FrameLoop
{
    // Bytes of replies gathered during one read before they are sent: small requests may have large replies.
    private const int MaxBatch = 64 * 1024;

    // What a connection whose client sends without end is served before those beside it: so many small frames, or KB of large ones.
    private const int MaxTurn = 128;

    // What a request in flight holds: its operation and its arguments, of which a change of a profile has the most.
    private const int RequestBytes = 1024;

    private readonly ConnectionContext _connection;
    private readonly LoopServices _services;

    // Frames, and KB of them and their replies, since the thread has last served others.
    private int _turn;
    private Pace _pace;

    // Ends the last wait for the pace early.
    private TaskCompletionSource? _endOfPause;

    // Received and not yet dispatched: part of a frame, or all that a limit holds back.
    private long _received;

    // Of what was received, so many bytes arrived with an earlier read, and when.
    private long _held;
    private long _heldSince;

    // When the connection was last seen signed in, or began.
    private long _anonymousSince = Environment.TickCount64;
    private Unread _unread;
    private volatile bool _draining;
    private volatile bool _lingering;

    /// <summary>When the client must have sent or read something.</summary>
    public Deadline Deadline;

    /// <summary>The neighbours in the list of <see cref="ConnectionWatch"/>, which alone touches them.</summary>
    public FrameLoop? Previous;
    public FrameLoop? Next;

    public FrameLoop(ConnectionContext connection, LoopServices services)
    {
        _connection = connection;
        _services = services;
        Deadline = new Deadline(services.Limits);
        var output = new FrameOutput(connection.Transport.Output, services.Limits.MaxUnsent, CutOffUnread, services.Traffic);
        Session = new Session(connection.ConnectionId, connection.RemoteEndPoint, output, services.Limits.InFlight);
    }

    public Session Session { get; }

    /// <summary>
    /// Bytes that the connection holds in this process and, where its client does not read, in the kernel. Roughly, by the watch.
    /// </summary>
    public long Buffered => Volatile.Read(ref _received) + Session.Output.Buffered + (RequestBytes * (long)Session.InFlight.Count)
        + (Session.Output.IsSent ? _unread.Bytes : _services.Limits.SendBuffer);

    /// <summary>Whether the client has taken longer than it may, with anything that it has to do.</summary>
    /// <param name="now">From <see cref="Environment.TickCount64"/>.</param>
    public bool IsLate(long now) => Deadline.IsPast(now) || HasUnread(now);

    /// <summary>By the watch at each look, before it asks anything else: finds out what the client leaves unread in the kernel.</summary>
    public void LookForUnread(long now)
    {
        if (_unread.IsDue(Session.Output.Flushes, now, _services.UnreadIntervalMs))
            _unread.Note(SendQueue.Of(_connection) ?? default, now, _services.UnreadIntervalMs);
    }

    /// <summary>By the watch at each look: whether nobody has been signed in for that long.</summary>
    public bool IsAnonymousTooLong(long now, long limitMs)
    {
        if (Session.IsSignedIn)
            _anonymousSince = now;
        return now - _anonymousSince >= limitMs;
    }

    public async Task RunAsync()
    {
        _services.Watch.Add(this);
        var isRefused = false;
        try
        {
            var input = _connection.Transport.Input;
            // Of a read that was taken, only the turn of others held the rest back: it is answered also while the host stops.
            var isHeldBack = false;
            while (!_draining || isHeldBack)
            {
                var reading = input.ReadAsync();
                if (!reading.IsCompleted)
                    _turn = 0;
                var read = await reading;
                if (read.IsCanceled && _draining && !isHeldBack)
                {
                    input.AdvanceTo(read.Buffer.Start);
                    break;
                }

                var before = _turn;
                var arrived = read.Buffer.Length - Volatile.Read(ref _received);
                var progress = Dispatch(read.Buffer);
                var served = _turn - before;
                Session.PassTurnOn();
                var isEmpty = !progress.Paused && progress.Consumed.Equals(progress.Examined);
                Volatile.Write(ref _received, isEmpty ? 0 : read.Buffer.Slice(progress.Consumed).Length);
                input.AdvanceTo(progress.Consumed, progress.Examined);
                isRefused = progress.Refused;
                if (isRefused || Session.Output.IsClosed)
                    break;
                if (read.IsCompleted && !progress.Paused)
                    break;

                var isPaused = progress.Paused || !Session.Output.IsSent;
                if (isPaused)
                    _services.Watch.Pause();
                if (!Session.Output.IsSent)
                {
                    Deadline.Suspend();
                    await Session.Output.WhenSentAsync();
                    Deadline.Resume();
                }
                if (progress.Waits)
                    await Session.WhenMayBeginAsync();
                else if (progress.Paused)
                    await Session.InFlight.WhenRoomAsync();
                if (isPaused)
                    _services.Watch.Resume();
                if (_services.PaceOf(Session) is { } perSecond && !_draining)
                    await KeepPaceAsync(progress.Paused ? Math.Max(1, served) : served, arrived, perSecond);
                isHeldBack = _turn >= MaxTurn && progress.Paused;
                if (_turn >= MaxTurn)
                {
                    _turn = 0;
                    await _services.Turns;
                }
            }
        }
        catch (ConnectionResetException)
        {
            // The client disconnected abruptly, which phones do all day. Its writes continue; their replies are dropped.
            Session.NoteGone();
        }
        catch (Exception exception) when (exception is ConnectionAbortedException or OperationCanceledException or IOException)
        {
            // Aborted by a deadline, a limit or the shutdown, which has logged the reason.
            Session.NoteGone();
        }
        finally
        {
            Session.PassTurnOn();
            if (Session.Output.IsClosed)
                Session.NoteGone();
            // Even with the client gone: a login that completes after its connection must not outlive the Session.
            await Session.InFlight.WhenIdleAsync();
            if (_draining && !isRefused)
                Session.Output.AppendPush(Opcode.Drained, seq: 0, default(NoArgs));
            await Session.Output.CloseAsync();
            if (_draining)
                await LingerAsync();
            _services.Watch.Remove(this);
            _services.Sessions.Remove(Session);
        }
    }

    /// <summary>Tells the client to reconnect elsewhere and stops reading; requests already read are still answered.</summary>
    /// <param name="reconnectAfterMs">How long it is to wait; it adds a random part itself.</param>
    public void Drain(int reconnectAfterMs)
    {
        // Push first: a busy loop that sees the flag closes the output, and then nothing more can be sent.
        Session.Output.AppendPush(Opcode.Draining, seq: 0, new DrainingPush(reconnectAfterMs));
        _draining = true;
        Volatile.Read(ref _endOfPause)?.TrySetResult();
        _connection.Transport.Input.CancelPendingRead();
    }

    /// <summary>Ends a connection that is late.</summary>
    public void CutOff()
    {
        var now = Environment.TickCount64;
        CutOff(HasUnread(now) ? "reading replies" : Deadline.IsPast(now) ? Deadline.Phase : "before signing in");
    }

    /// <summary>Ends the connection at once; its requests in flight go on, and their replies are dropped.</summary>
    /// <param name="phase">For the log.</param>
    public void CutOff(string phase)
    {
        if (_lingering)
        {
            _lingering = false;
            _connection.Transport.Input.CancelPendingRead();
            return;
        }
        ConnectionLog.CutOff(_services.Logger, Session.ConnectionId, phase);
        Session.NoteGone();
        _connection.Abort(new ConnectionAbortedException("deadline passed"));
    }

    private async ValueTask KeepPaceAsync(int served, long arrived, int perSecond)
    {
        var wait = _pace.Take(served, arrived, perSecond, _services.Clock);
        if (wait <= TimeSpan.Zero)
            return;
        var end = new TaskCompletionSource();
        Volatile.Write(ref _endOfPause, end);
        if (_draining)
            return;
        // Who sends a frame so slowly that it has to wait for the rest of it is not given the time for that.
        var hasServed = served > 0;
        _services.Watch.Pause();
        if (hasServed)
            Deadline.Suspend();
        await Task.WhenAny(Task.Delay(wait, _services.Clock), end.Task);
        if (hasServed)
            Deadline.Resume();
        _services.Watch.Resume();
    }

    private bool HasUnread(long now) =>
        now - Math.Min(Session.Output.UnsentSince, _unread.Since) >= (long)_services.Limits.Send.TotalMilliseconds;

    // Closing while requests are still arriving would reset the connection, and a reset may reach the client before it has read the
    // replies. So input is discarded until the client closes, or for a second or two.
    private async Task LingerAsync()
    {
        _lingering = true;
        Deadline.Linger();
        var input = _connection.Transport.Input;
        try
        {
            while (_lingering)
            {
                var read = await input.ReadAsync();
                input.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                    return;
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or InvalidOperationException)
        {
            // It is gone, as intended.
        }
    }

    private void CutOffUnread()
    {
        ConnectionLog.Unread(_services.Logger, Session.ConnectionId, _services.Limits.MaxUnsent);
        _connection.Abort();
    }

    private Progress Dispatch(ReadOnlySequence<byte> received)
    {
        using var frames = new FrameReader(received, _services.Limits.MaxFrame);
        var replies = Session.Output.BeginBatch();
        var dispatched = false;
        var bytes = 0L;
        var now = _services.Traffic is null ? 0 : Stopwatch.GetTimestamp();
        Session.BeginRead(_held > 0 ? _heldSince : now, now);
        try
        {
            while (true)
            {
                if (!Session.InFlight.HasRoom || !Session.Output.HasRoom || replies.Length >= MaxBatch || (_turn >= MaxTurn && !_draining)
                    || Session.Output.IsClosed)
                {
                    Deadline.Extend(dispatched, inFrame: false);
                    return new Progress(frames.Consumed, frames.Consumed, Paused: true);
                }

                var status = frames.Read(out var frame);
                if (status == FrameStatus.Incomplete)
                {
                    Deadline.Extend(dispatched, frames.HasPartialFrame);
                    return new Progress(frames.Consumed, received.End);
                }
                if (status == FrameStatus.BadLength)
                    return Refuse(FrameFaults.BadLength(frames.RefusedLength, _services.Limits.MaxFrame), received, ref replies);
                _turn += 1 + frame.Length / 1024;
                var size = FrameReader.LengthPrefix + frame.Length;
                if (_held > 0 && bytes + size > _held)
                {
                    _held = 0;
                    Session.BeginRead(now, now);
                }
                switch (_services.Dispatcher.Dispatch(Session, frame, ref replies))
                {
                    case Dispatched.NoRequest:
                        return Refuse(Envelope.ReadRequest(frame, out _, out _, out _).ToFailure(), received, ref replies);
                    case Dispatched.Waits:
                        Deadline.Extend(dispatched, inFrame: false);
                        return new Progress(frames.LastReturned, frames.LastReturned, Paused: true, Waits: true);
                }
                dispatched = true;
                bytes += size;
            }
        }
        finally
        {
            _turn += (int)(replies.Length / 1024);
            Session.Output.EndBatch(ref replies);
            Session.EndRead(bytes);
            _held -= bytes;
            if (_held <= 0)
                (_held, _heldSince) = (received.Length - bytes, now);
        }
    }

    private Progress Refuse(Failure why, ReadOnlySequence<byte> received, ref FrameWriter replies)
    {
        ConnectionLog.Refused(_services.Logger, Session.ConnectionId, why.Message);
        Session.NoteRefused(why.Code);
        Envelope.WriteFailure(ref replies, id: 0, why);
        return new Progress(received.End, received.End, Refused: true);
    }

    /// <param name="Consumed">The end of the dispatched frames.</param>
    /// <param name="Examined">More bytes than up to here are needed to continue; equal to Consumed if complete frames are left.</param>
    /// <param name="Paused">A limit on requests in flight, on replies or on the turn was reached before the frames ended.</param>
    /// <param name="Waits">The next frame waits for others to be answered.</param>
    /// <param name="Refused">The frame was invalid and the client has been sent the error; later bytes are meaningless.</param>
    private readonly record struct Progress(
        SequencePosition Consumed, SequencePosition Examined, bool Paused = false, bool Waits = false, bool Refused = false);
}
