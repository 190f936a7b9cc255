using System.Buffers;
using System.Diagnostics;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;

namespace Swiper.Bench.Hosting;

/// <summary>A client's connection without a socket: its bytes are processed as by a read of the frame loop.</summary>
internal sealed class BenchConnection : IDisposable
{
    private const int MaxFrame = 64 * 1024;
    private const int MaxUnsent = 64 * 1024 * 1024;

    private readonly Dispatcher _dispatcher;
    private readonly ReplySink _sink = new();
    private long _sent;

    public BenchConnection(Dispatcher dispatcher, Traffic traffic)
    {
        _dispatcher = dispatcher;
        Session = new Session("bench", remote: null, new FrameOutput(_sink, MaxUnsent, Cut, traffic), maxInFlight: 256);
    }

    public Session Session { get; }

    /// <summary>One read of requests; returns when all are answered.</summary>
    public void Exchange(in ReadOnlySequence<byte> received)
    {
        Send(received);
        WaitForReplies();
    }

    /// <summary>One read of requests: all frames dispatched, one flush.</summary>
    /// <param name="received">Whole frames with their lengths.</param>
    public void Send(in ReadOnlySequence<byte> received)
    {
        var now = Stopwatch.GetTimestamp();
        Session.BeginRead(now, now);
        var replies = Session.Output.BeginBatch();
        using (var frames = new FrameReader(received, MaxFrame))
        {
            while (frames.Read(out var frame) == FrameStatus.Frame)
            {
                while (_dispatcher.Dispatch(Session, frame, ref replies) == Dispatched.Waits)
                    Session.WhenMayBeginAsync().AsTask().Wait();
                _sent++;
            }
        }
        Session.Output.EndBatch(ref replies);
        Session.EndRead(received.Length);
    }

    /// <summary>Returns when all requests sent are answered.</summary>
    public void WaitForReplies() => _sink.WaitFor(_sent);

    /// <summary>Sends one request and returns the data of its reply.</summary>
    /// <exception cref="InvalidOperationException">The reply has a code other than 0.</exception>
    public byte[] Ask(byte[] frame)
    {
        _sink.Keeps = true;
        Exchange(new ReadOnlySequence<byte>(frame));
        _sink.Keeps = false;
        var readable = Envelope.TryReadReply(_sink.Last, out _, out var code, out var data);
        Verification.Require(readable && code == StatusCode.Ok, $"code 0 (it is {(int)code})");
        return data.ToArray();
    }

    public void Dispose() => _sink.Dispose();

    private static void Cut() => throw new InvalidOperationException("The connection was closed.");
}
