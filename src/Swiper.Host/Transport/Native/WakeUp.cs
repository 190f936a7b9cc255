using System.Runtime.InteropServices;

namespace Swiper.Host.Transport.Native;

/// <summary>Ends the wait of an epoll set from another thread: eventfd(2).</summary>
internal sealed class WakeUp : IDisposable
{
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;

    private readonly Lock _gate = new();
    private int _isSet;
    private bool _isDisposed;

    public WakeUp()
    {
        Descriptor = Libc.EventCreate(0, NonBlocking | CloseOnExec);
        if (Descriptor < 0)
            throw Libc.Failure("eventfd", Marshal.GetLastPInvokeError());
    }

    /// <summary>Readable after <see cref="Set"/>.</summary>
    public int Descriptor { get; }

    /// <summary>Any number of calls before the next <see cref="Reset"/> are one system call.</summary>
    public void Set()
    {
        if (Interlocked.Exchange(ref _isSet, 1) != 0)
            return;
        lock (_gate)
        {
            // The number of a closed descriptor may be another file's.
            if (!_isDisposed)
                _ = Libc.Write(Descriptor, 1, sizeof(ulong));
        }
    }

    /// <summary>By the woken thread, before it looks for what it was woken for.</summary>
    public void Reset()
    {
        var count = 0UL;
        _ = Libc.Read(Descriptor, ref count, sizeof(ulong));
        Interlocked.Exchange(ref _isSet, 0);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (!_isDisposed)
                _ = Libc.Close(Descriptor);
            _isDisposed = true;
        }
    }
}
