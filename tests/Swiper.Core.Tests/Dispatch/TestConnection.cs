using System.Buffers;
using System.IO.Pipelines;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;

namespace Swiper.Core.Tests.Dispatch;

internal delegate void WriteReplies(ref FrameWriter replies);

/// <summary>A session whose client reads from a pipe in memory.</summary>
internal sealed class TestConnection
{
    private readonly Pipe _pipe;
    private readonly Queue<ServerFrame> _received = [];

    /// <summary>Bytes that the pipe takes before a flush waits for the client, and bytes that may wait beyond it.</summary>
    public TestConnection(int pipeRoom = 64 * 1024, int maxUnsent = int.MaxValue, int maxInFlight = 256)
    {
        _pipe = new Pipe(new PipeOptions(
            readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline,
            pauseWriterThreshold: pipeRoom, resumeWriterThreshold: pipeRoom / 2, useSynchronizationContext: false));
        Writer = new CountingPipeWriter(_pipe.Writer);
        Output = new FrameOutput(Writer, maxUnsent, Abort);
        Session = new Session("connection-1", remote: null, Output, maxInFlight);
    }

    public CountingPipeWriter Writer { get; }

    public PipeReader Reader => _pipe.Reader;

    public FrameOutput Output { get; }

    public Session Session { get; }

    public int Aborts { get; private set; }

    /// <summary>One batch of the loop.</summary>
    public void Batch(WriteReplies write)
    {
        var replies = Output.BeginBatch();
        write(ref replies);
        Output.EndBatch(ref replies);
    }

    /// <summary>The next frame that the client receives.</summary>
    public async Task<ServerFrame> NextAsync()
    {
        while (_received.Count == 0)
        {
            var read = await _pipe.Reader.ReadAsync(TestContext.Current.CancellationToken);
            Assert.False(read.IsCompleted && read.Buffer.IsEmpty, "the server has closed");
            var consumed = Take(read.Buffer);
            _pipe.Reader.AdvanceTo(consumed, read.Buffer.End);
        }
        return _received.Dequeue();
    }

    /// <summary>The frames that have been sent by now.</summary>
    public List<ServerFrame> Received()
    {
        while (_pipe.Reader.TryRead(out var read) && !read.Buffer.IsEmpty)
            _pipe.Reader.AdvanceTo(Take(read.Buffer), read.Buffer.End);
        var frames = _received.ToList();
        _received.Clear();
        return frames;
    }

    private SequencePosition Take(ReadOnlySequence<byte> buffer)
    {
        using var frames = new FrameReader(buffer, 1 << 24);
        FrameStatus status;
        while ((status = frames.Read(out var frame)) == FrameStatus.Frame)
            _received.Enqueue(ServerFrame.Read(frame));
        Assert.Equal(FrameStatus.Incomplete, status);
        return frames.Consumed;
    }

    // As a transport does it: what is being sent fails.
    private void Abort()
    {
        Aborts++;
        _pipe.Reader.Complete();
    }
}

/// <summary>Counts the flushes on their way to a pipe.</summary>
internal sealed class CountingPipeWriter(PipeWriter pipe) : PipeWriter
{
    private int _flushes;

    public int Flushes => Volatile.Read(ref _flushes);

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => pipe.UnflushedBytes;

    public override void Advance(int bytes) => pipe.Advance(bytes);

    public override Memory<byte> GetMemory(int sizeHint = 0) => pipe.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => pipe.GetSpan(sizeHint);

    public override void CancelPendingFlush() => pipe.CancelPendingFlush();

    public override void Complete(Exception? exception = null) => pipe.Complete(exception);

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _flushes);
        return pipe.FlushAsync(cancellationToken);
    }
}
