using System.Buffers.Binary;
using System.IO.Pipelines;
using Swiper.Core.Protocol;

namespace Swiper.Bench.Hosting;

/// <summary>
/// The remote end of a connection without a socket: counts the frames sent and discards them. Not safe for concurrent writers.
/// </summary>
internal sealed class ReplySink : PipeWriter, IDisposable
{
    private readonly ManualResetEventSlim _reached = new();
    private byte[] _buffer = new byte[64 * 1024];
    private int _length;
    private long _frames;
    private long _awaited = long.MaxValue;

    /// <summary>Frames sent so far.</summary>
    public long Frames => Volatile.Read(ref _frames);

    /// <summary>A copy of the last frame, without its length; null unless frames are kept.</summary>
    public byte[]? Last { get; private set; }

    /// <summary>Whether to keep a copy of each frame, for verification; not during a measurement.</summary>
    public bool Keeps { get; set; }

    /// <summary>Returns when the given total of frames has been sent.</summary>
    public void WaitFor(long frames)
    {
        if (Frames >= frames)
            return;
        _reached.Reset();
        Volatile.Write(ref _awaited, frames);
        // Full fence: either the sender sees what is awaited, or this sees what was sent.
        Interlocked.MemoryBarrier();
        if (Frames < frames)
            _reached.Wait();
        Volatile.Write(ref _awaited, long.MaxValue);
    }

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _length;

    public override void Advance(int bytes) => _length += bytes;

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        EnsureRoom(sizeHint);
        return _buffer.AsMemory(_length);
    }

    public override Span<byte> GetSpan(int sizeHint = 0)
    {
        EnsureRoom(sizeHint);
        return _buffer.AsSpan(_length);
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        var sent = _buffer.AsSpan(0, _length);
        var frames = 0;
        while (sent.Length > 0)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(sent);
            if (Keeps)
                Last = sent.Slice(FrameReader.LengthPrefix, length).ToArray();
            sent = sent[(FrameReader.LengthPrefix + length)..];
            frames++;
        }
        _length = 0;
        // Also a full fence.
        if (Interlocked.Add(ref _frames, frames) >= Volatile.Read(ref _awaited))
            _reached.Set();
        return ValueTask.FromResult(new FlushResult(isCanceled: false, isCompleted: false));
    }

    public override void CancelPendingFlush()
    {
    }

    public override void Complete(Exception? exception = null)
    {
    }

    public void Dispose() => _reached.Dispose();

    private void EnsureRoom(int size)
    {
        if (_buffer.Length - _length < Math.Max(size, 1))
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + size));
    }
}
