using System.Runtime.InteropServices;

namespace Swiper.Host.Transport.Native;

/// <summary>The readiness of a descriptor.</summary>
[Flags]
internal enum EpollEvents : uint
{
    None = 0,
    Readable = 0x1,
    Writable = 0x4,
    Error = 0x8,

    /// <summary>Both directions have ended.</summary>
    HangUp = 0x10,

    /// <summary>The other side has ended sending.</summary>
    PeerHangUp = 0x2000,

    /// <summary>Reported once each time something becomes ready, not as long as it is.</summary>
    EdgeTriggered = 1u << 31,
}

/// <summary>One epoll set: epoll(7).</summary>
internal sealed class Epoll : IDisposable
{
    private const int CloseOnExec = 0x80000;
    private const int Add = 1;
    private const int Remove = 2;
    private const int Modify = 3;

    // struct epoll_event is { u32 events; u64 data; }, packed on x86-64 only.
    private static readonly bool IsPacked = RuntimeInformation.ProcessArchitecture == Architecture.X64;
    private static readonly int EventSize = IsPacked ? 12 : 16;
    private static readonly int DataOffset = IsPacked ? 4 : 8;

    private readonly int _descriptor;
    private readonly int _capacity;
    private readonly byte[] _ready;

    /// <param name="capacity">How many descriptors one wait can report; others are reported by the next.</param>
    public Epoll(int capacity)
    {
        _capacity = capacity;
        _ready = GC.AllocateArray<byte>(capacity * EventSize, pinned: true);
        _descriptor = Libc.EpollCreate(CloseOnExec);
        if (_descriptor < 0)
            throw Libc.Failure("epoll_create1", Marshal.GetLastPInvokeError());
    }

    /// <summary>
    /// The tag is what <see cref="Read"/> answers when the descriptor is ready. Answers an error number, such as of a limit of the
    /// system, or 0.
    /// </summary>
    public int TryWatch(int descriptor, EpollEvents events, ulong tag) => Control(Add, descriptor, events, tag);

    public void Watch(int descriptor, EpollEvents events, ulong tag)
    {
        if (TryWatch(descriptor, events, tag) is var error and not 0)
            throw Libc.Failure("epoll_ctl", error);
    }

    /// <summary>
    /// Changes what a watched descriptor is watched for. Unlike forgetting and watching it again this needs nothing of the system.
    /// </summary>
    public void Change(int descriptor, EpollEvents events, ulong tag)
    {
        if (Control(Modify, descriptor, events, tag) is var error and not 0)
            throw Libc.Failure("epoll_ctl", error);
    }

    /// <summary>Descriptors that are closed leave by themselves; this is for those that stay open.</summary>
    public void Forget(int descriptor)
    {
        Span<byte> unused = stackalloc byte[EventSize];
        _ = Libc.EpollControl(_descriptor, Remove, descriptor, ref MemoryMarshal.GetReference(unused));
    }

    /// <summary>The number of ready descriptors; 0 when none became so in time.</summary>
    /// <param name="milliseconds">-1 waits for as long as it takes.</param>
    public int Wait(int milliseconds)
    {
        var ready = Libc.EpollWait(_descriptor, ref MemoryMarshal.GetArrayDataReference(_ready), _capacity, milliseconds);
        if (ready >= 0)
            return ready;
        var error = Marshal.GetLastPInvokeError();
        return error == Libc.Interrupted ? 0 : throw Libc.Failure("epoll_wait", error);
    }

    /// <param name="index">Below what the last <see cref="Wait"/> answered.</param>
    public (EpollEvents Events, ulong Tag) Read(int index)
    {
        var ready = _ready.AsSpan(index * EventSize, EventSize);
        return ((EpollEvents)MemoryMarshal.Read<uint>(ready), MemoryMarshal.Read<ulong>(ready[DataOffset..]));
    }

    public void Dispose() => _ = Libc.Close(_descriptor);

    private int Control(int operation, int descriptor, EpollEvents events, ulong tag)
    {
        Span<byte> registration = stackalloc byte[EventSize];
        registration.Clear();
        MemoryMarshal.Write(registration, (uint)events);
        MemoryMarshal.Write(registration[DataOffset..], tag);
        return Libc.EpollControl(_descriptor, operation, descriptor, ref MemoryMarshal.GetReference(registration)) < 0
            ? Marshal.GetLastPInvokeError() : 0;
    }
}
