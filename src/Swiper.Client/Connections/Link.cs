using System.Buffers;
using System.IO.Pipelines;
using Swiper.Client.Requests;
using Swiper.Core.Protocol;

namespace Swiper.Client.Connections;

/// <summary>Receives the events of a <see cref="Link"/>. Called on its reader, one at a time.</summary>
internal interface ILinkListener
{
    void OnReply(Link link, uint id, StatusCode code, ReadOnlySpan<byte> data);

    /// <exception cref="SwiperProtocolException">Ends the link.</exception>
    void OnPush(Link link, Opcode opcode, long seq, ReadOnlySpan<byte> data);

    /// <summary>The last event.</summary>
    void OnEnded(Link link, Exception reason);
}

/// <summary>One connection, from the first byte until it is lost or closed.</summary>
internal sealed class Link
{
    private readonly Stream _stream;
    private readonly ILinkListener _listener;
    private readonly RequestQueue _requests;
    private readonly int _maxFrame;
    private readonly TaskCompletionSource<Exception> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Exception? _reason;
    private long _lastReceived = Environment.TickCount64;

    public Link(Stream stream, ILinkListener listener, RequestQueue requests, int maxFrame)
    {
        _stream = stream;
        _listener = listener;
        _requests = requests;
        _maxFrame = maxFrame;
        Sender = new FrameSender(stream, requests.Gate, exception =>
            Close(new SwiperConnectionException($"sending failed: {exception.Message}", exception)));
    }

    public FrameSender Sender { get; }

    /// <summary>The other end.</summary>
    public required SwiperEndpoint Endpoint { get; init; }

    /// <summary>Completes with the reason once the link is unusable.</summary>
    public Task<Exception> Ended => _ended.Task;

    /// <summary>The delay that a stopping server asked for; null if it is not stopping.</summary>
    public TimeSpan? ReconnectAfter { get; set; }

    /// <summary>The server has answered all that it has read: whatever else was sent has had no effect.</summary>
    public bool IsDrained { get; set; }

    public long MadeAt { get; } = Environment.TickCount64;

    /// <summary>When bytes last arrived, in <see cref="Environment.TickCount64"/>.</summary>
    public long LastReceived => Volatile.Read(ref _lastReceived);

    public void Start() => _ = ReadAsync();

    /// <summary>Ends the link; the first reason given is the one reported.</summary>
    public void Close(Exception reason)
    {
        if (Interlocked.CompareExchange(ref _reason, reason, null) is null)
            _stream.Dispose();
    }

    /// <summary>Ends the link if it has not ended by then.</summary>
    public async Task CloseAfterAsync(TimeSpan time, Exception reason)
    {
        await WaitAsync(time).ConfigureAwait(false);
        Close(reason);
    }

    /// <summary>Returns after a time, or sooner once the link has ended.</summary>
    public async Task WaitAsync(TimeSpan time) =>
        await ((Task)_ended.Task.WaitAsync(time)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private async Task ReadAsync()
    {
        var input = PipeReader.Create(_stream, new StreamPipeReaderOptions(leaveOpen: true));
        try
        {
            while (true)
            {
                var read = await input.ReadAsync().ConfigureAwait(false);
                Volatile.Write(ref _lastReceived, Environment.TickCount64);
                var consumed = HandOut(read.Buffer);
                var isCutShort = read.IsCompleted && !read.Buffer.Slice(consumed).IsEmpty;
                input.AdvanceTo(consumed, read.Buffer.End);
                if (read.IsCompleted)
                {
                    throw new SwiperConnectionException(
                        isCutShort ? "the server closed the connection in the middle of a frame" : "the server closed the connection");
                }
            }
        }
        catch (SwiperConnectionException exception)
        {
            Close(exception);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // A reset, or the stream was closed during the read, in which case there already is a reason.
            Close(new SwiperConnectionException($"the connection broke: {exception.Message}", exception));
        }
        catch (Exception exception)
        {
            Close(exception);
        }
        await input.CompleteAsync().ConfigureAwait(false);
        _listener.OnEnded(this, _reason!);
        _ended.SetResult(_reason!);
    }

    // All complete frames of a read; requests that callers make in response go out in one write.
    private SequencePosition HandOut(ReadOnlySequence<byte> received)
    {
        using var frames = new FrameReader(received, _maxFrame);
        _requests.BeginReplies(Sender);
        try
        {
            while (true)
            {
                switch (frames.Read(out var frame))
                {
                    case FrameStatus.Incomplete:
                        return frames.Consumed;
                    case FrameStatus.BadLength:
                        throw new SwiperProtocolException($"the server sent an invalid frame, or one larger than {_maxFrame} bytes");
                }
                if (Envelope.TryReadReply(frame, out var id, out var code, out var data))
                    _listener.OnReply(this, id, code, data);
                else if (Envelope.TryReadPush(frame, out var opcode, out var seq, out data))
                    _listener.OnPush(this, opcode, seq, data);
                else
                    throw new SwiperProtocolException("the server sent a frame that is neither a reply nor a push");
            }
        }
        finally
        {
            _requests.EndReplies(Sender);
        }
    }
}
