using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Swiper.Load.Wire;

/// <summary>
/// A level-triggered Linux epoll set for reading. .NET's socket engine costs as much per request as the measured servers; this costs
/// what a C client would.
/// </summary>
internal sealed partial class Epoll : IDisposable
{
    private const int Add = 1;
    private const uint Readable = 1;
    private const int Interrupted = 4;

    // struct epoll_event is { u32 events; u64 data; }, packed on x86-64 only.
    private static readonly bool IsPacked = RuntimeInformation.ProcessArchitecture == Architecture.X64;
    private static readonly int EventSize = IsPacked ? 12 : 16;
    private static readonly int TagOffset = IsPacked ? 4 : 8;

    private readonly int _epoll;
    private readonly byte[] _ready;
    private readonly int _capacity;

    /// <param name="capacity">Maximum ready sockets reported by one wait.</param>
    public Epoll(int capacity)
    {
        _capacity = capacity;
        _ready = new byte[capacity * EventSize];
        _epoll = Create(0);
        if (_epoll < 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError(), "epoll_create1 failed");
    }

    /// <param name="tag">The value that <see cref="TagOf"/> returns when the socket is ready.</param>
    public void Watch(int socket, int tag)
    {
        Span<byte> registration = stackalloc byte[EventSize];
        registration.Clear();
        MemoryMarshal.Write(registration, Readable);
        MemoryMarshal.Write(registration[TagOffset..], tag);
        if (Control(_epoll, Add, socket, ref MemoryMarshal.GetReference(registration)) < 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError(), "epoll_ctl failed");
    }

    /// <summary>The number of ready sockets; 0 on timeout.</summary>
    public int Wait(int milliseconds)
    {
        var ready = Wait(_epoll, ref MemoryMarshal.GetArrayDataReference(_ready), _capacity, milliseconds);
        if (ready >= 0)
            return ready;
        var error = Marshal.GetLastPInvokeError();
        return error == Interrupted ? 0 : throw new Win32Exception(error, "epoll_wait failed");
    }

    /// <param name="index">Less than the result of the last <see cref="Wait(int)"/>.</param>
    public int TagOf(int index) => MemoryMarshal.Read<int>(_ready.AsSpan(index * EventSize + TagOffset));

    public void Dispose() => _ = Close(_epoll);

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial int Create(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int Control(int epoll, int operation, int socket, ref byte registration);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    private static partial int Wait(int epoll, ref byte events, int capacity, int milliseconds);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
