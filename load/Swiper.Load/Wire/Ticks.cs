using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Swiper.Load.Wire;

/// <summary>
/// A periodic Linux timer for an epoll set. A timeout in milliseconds would be off by up to one, a large part of the measured latencies.
/// </summary>
internal sealed partial class Ticks : IDisposable
{
    private const int Monotonic = 1;
    private const int NonBlocking = 0x800;

    public Ticks(TimeSpan period)
    {
        Descriptor = Create(Monotonic, NonBlocking);
        // struct itimerspec: period and first expiry, each of seconds and nanoseconds.
        var nanoseconds = (long)period.TotalNanoseconds;
        Span<long> times =
            [nanoseconds / 1_000_000_000, nanoseconds % 1_000_000_000, nanoseconds / 1_000_000_000, nanoseconds % 1_000_000_000];
        if (Descriptor < 0 || Set(Descriptor, 0, ref MemoryMarshal.GetReference(times), 0) < 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError(), "timerfd failed");
    }

    public int Descriptor { get; }

    /// <summary>Resets readiness until the next expiry.</summary>
    public void Take()
    {
        var expirations = 0L;
        _ = Read(Descriptor, ref expirations, sizeof(long));
    }

    public void Dispose() => _ = Close(Descriptor);

    [LibraryImport("libc", EntryPoint = "timerfd_create", SetLastError = true)]
    private static partial int Create(int clock, int flags);

    [LibraryImport("libc", EntryPoint = "timerfd_settime", SetLastError = true)]
    private static partial int Set(int timer, int flags, ref long times, nint old);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint Read(int descriptor, ref long into, nuint length);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
