using System.Buffers;
using Swiper.Client.Requests;
using Swiper.Core.Protocol;

namespace Swiper.Client.Connections;

/// <summary>
/// Sends all frames of a connection. Frames gather in one buffer while the other is being written, so that everything requested during
/// a write leaves with the next one. Members that say so are called under the gate of the <see cref="RequestQueue"/>.
/// </summary>
/// <param name="stream">The socket or the TLS on it.</param>
/// <param name="gate">Guards the buffer that is being filled.</param>
/// <param name="onFailed">Called once when nothing can be sent any more.</param>
internal sealed class FrameSender(Stream stream, Lock gate, Action<Exception> onFailed) : IThreadPoolWorkItem
{
    // A burst may make a buffer large; an idle connection does not keep it.
    private const int KeptCapacity = 64 * 1024;

    private ArrayBufferWriter<byte> _filling = new();
    private ArrayBufferWriter<byte> _sending = new();
    private bool _isFlushing;

    /// <summary>Holds frames back until a common flush. Under the gate.</summary>
    public bool IsHeld { get; set; }

    /// <summary>The server has announced that it reads no more. Under the gate.</summary>
    public bool IsPaused { get; set; }

    /// <summary>False if the frame would be too large. Under the gate.</summary>
    public bool TryAppend(PendingRequest request, int maxFrame)
    {
        var frames = new FrameWriter(_filling);
        var written = request.TryWrite(ref frames, maxFrame);
        frames.Flush();
        return written;
    }

    /// <summary>True if the caller must call <see cref="Flush"/> after leaving the gate. Under the gate.</summary>
    public bool TryBeginFlush()
    {
        if (_isFlushing || IsHeld || _filling.WrittenCount == 0)
            return false;
        return _isFlushing = true;
    }

    /// <param name="inline">On this thread rather than a little later on another.</param>
    public void Flush(bool inline)
    {
        if (inline)
            _ = SendAsync();
        else
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute() => _ = SendAsync();

    private async Task SendAsync()
    {
        try
        {
            while (TrySwap())
                await stream.WriteAsync(_sending.WrittenMemory).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // In any case, a frame may have been sent in part. The flag stays set, so nothing is written after it.
            onFailed(exception);
        }
    }

    private bool TrySwap()
    {
        lock (gate)
        {
            if (_filling.WrittenCount == 0)
                return _isFlushing = false;
            (_filling, _sending) = (_sending, _filling);
            if (_filling.Capacity > KeptCapacity)
                _filling = new ArrayBufferWriter<byte>();
            else
                _filling.ResetWrittenCount();
            return true;
        }
    }
}
