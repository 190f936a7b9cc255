using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Swiper.Host.Transport.Native;

/// <summary>
/// The system calls of the transport, as Linux has them on x86-64 and arm64, and the numbers they speak in. Each answers -1 where it
/// failed; <see cref="Marshal.GetLastPInvokeError"/> tells why.
/// </summary>
internal static partial class Libc
{
    public const int Interrupted = 4;
    public const int TryAgain = 11;
    public const int TooManyFiles = 24;
    public const int BrokenPipe = 32;
    public const int ProtocolError = 71;
    public const int ConnectionAborted = 103;
    public const int ConnectionReset = 104;
    public const int TimedOut = 110;

    public const int DontWait = 0x40;
    public const int NoSignal = 0x4000;

    public const int AcceptNonBlocking = 0x800;
    public const int AcceptCloseOnExec = 0x80000;

    public const int SocketLevel = 1;
    public const int Linger = 13;
    public const int ReusePort = 15;

    public const int TcpLevel = 6;

    public const int ShutdownSend = 1;

    /// <summary>SIGTERM.</summary>
    public const int Terminate = 15;

    // SIOCOUTQ, and TCP_INFO with the place of tcpi_bytes_acked in struct tcp_info.
    private const int SendQueueLength = 0x5411;
    private const int TcpInfo = 11;
    private const int AcknowledgedAt = 120;

    private const int SetDescriptorFlags = 2;
    private const int CloseOnExecFlag = 1;

    private const int DescriptorsLimit = 7;
    private const int AddressesLimit = 9;

    // sizeof(struct timex), whose first field says what to set; and TIME_ERROR.
    private const int TimexLength = 208;
    private const int ClockUnsynchronized = 5;

    [LibraryImport("libc", EntryPoint = "accept4", SetLastError = true)]
    public static partial int Accept(int listener, ref byte address, ref int addressLength, int flags);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    public static partial nint Receive(int socket, ref byte buffer, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    public static partial nint Send(int socket, ref byte buffer, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "shutdown", SetLastError = true)]
    public static partial int Shutdown(int socket, int how);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    public static partial int SetOption(int socket, int level, int option, in int value, int length);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    public static partial int SetOption(int socket, int level, int option, in LingerTime value, int length);

    [LibraryImport("libc", EntryPoint = "getsockopt", SetLastError = true)]
    private static partial int GetOption(int socket, int level, int option, ref byte value, ref int length);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int ControlDevice(int descriptor, nuint request, out int value);

    [LibraryImport("libc", EntryPoint = "getsockname", SetLastError = true)]
    public static partial int GetLocalAddress(int socket, ref byte address, ref int addressLength);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "dup", SetLastError = true)]
    public static partial int Duplicate(int descriptor);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(int descriptor, int command, int argument);

    // Without the last error, these two need nothing of the runtime that is not there yet when a process has hardly any descriptors.
    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int GetLimit(int resource, out Limit limit);

    [LibraryImport("libc", EntryPoint = "write")]
    public static partial nint Write(int descriptor, ref byte bytes, nuint length);

    [LibraryImport("libc", EntryPoint = "adjtimex")]
    private static partial int AdjustTime(ref byte timex);

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    public static partial int EpollCreate(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    public static partial int EpollControl(int epoll, int operation, int descriptor, ref byte registration);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    public static partial int EpollWait(int epoll, ref byte events, int capacity, int milliseconds);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    public static partial int EventCreate(uint initial, int flags);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int descriptor, ref ulong value, nuint length);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int descriptor, in ulong value, nuint length);

    /// <summary>The descriptor is closed in what this process starts.</summary>
    public static void CloseOnExec(int descriptor) => _ = Control(descriptor, SetDescriptorFlags, CloseOnExecFlag);

    /// <summary>How many descriptors this process may have: `ulimit -n`.</summary>
    public static long DescriptorLimit() => LimitOf(DescriptorsLimit);

    /// <summary>How many bytes of addresses this process may have, whether or not memory is behind them: `ulimit -v`.</summary>
    public static long AddressLimit() => LimitOf(AddressesLimit);

    /// <summary>Whether something keeps the system's clock in time: adjtimex(2), which changes nothing here.</summary>
    public static bool IsClockSynchronized()
    {
        Span<byte> timex = stackalloc byte[TimexLength];
        timex.Clear();
        return AdjustTime(ref MemoryMarshal.GetReference(timex)) is >= 0 and not ClockUnsynchronized;
    }

    /// <summary>What the kernel keeps for the other side of a TCP socket; null where it can't be told.</summary>
    public static SendQueue? SendQueueOf(int socket)
    {
        if (ControlDevice(socket, SendQueueLength, out var unread) < 0)
            return null;
        if (unread == 0)
            return default(SendQueue);
        Span<byte> info = stackalloc byte[AcknowledgedAt + sizeof(ulong)];
        var length = info.Length;
        return GetOption(socket, TcpLevel, TcpInfo, ref MemoryMarshal.GetReference(info), ref length) < 0 || length < info.Length
            ? null
            : new SendQueue(unread, MemoryMarshal.Read<ulong>(info[AcknowledgedAt..]));
    }

    /// <summary>The exception for a failed call that can't be recovered from.</summary>
    public static IOException Failure(string call, int error) => new($"{call} failed: {new Win32Exception(error).Message}");

    private static long LimitOf(int resource) =>
        GetLimit(resource, out var limit) < 0 ? long.MaxValue : (long)Math.Min(limit.Current, long.MaxValue);

    /// <summary>struct rlimit.</summary>
    private readonly record struct Limit(ulong Current, ulong Largest);

    /// <summary>struct linger.</summary>
    public readonly record struct LingerTime(int On, int Seconds);
}
