using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Swiper.Load.Wire;

/// <summary>The two system calls of the measured path, on a socket's descriptor; never blocking.</summary>
internal static partial class RawSocket
{
    private const int DontWait = 0x40;
    private const int NoSignal = 0x4000;
    private const int Interrupted = 4;
    private const int TryAgain = 11;

    /// <summary>
    /// The number of bytes received; 0 if none are available. Throws <see cref="EndOfStreamException"/> if the server has closed.
    /// </summary>
    public static int Receive(int socket, Span<byte> into)
    {
        var received = Receive(socket, ref MemoryMarshal.GetReference(into), (nuint)into.Length, DontWait);
        if (received > 0)
            return (int)received;
        if (received == 0)
            throw new EndOfStreamException("the server closed a connection during the measurement");
        var error = Marshal.GetLastPInvokeError();
        return error is TryAgain or Interrupted ? 0 : throw new Win32Exception(error, "recv failed");
    }

    /// <summary>
    /// Sends all bytes. A closed loop never has more in flight than a socket buffer holds, so a full buffer is a bug in the load and
    /// throws.
    /// </summary>
    public static void Send(int socket, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var sent = Send(socket, in MemoryMarshal.GetReference(bytes), (nuint)bytes.Length, DontWait | NoSignal);
            if (sent >= 0)
            {
                bytes = bytes[(int)sent..];
                continue;
            }
            var error = Marshal.GetLastPInvokeError();
            if (error == TryAgain)
                throw new InvalidOperationException("the requests in flight do not fit the socket's buffer; use fewer or smaller ones");
            if (error != Interrupted)
                throw new Win32Exception(error, "send failed");
        }
    }

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    private static partial nint Receive(int socket, ref byte buffer, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    private static partial nint Send(int socket, in byte buffer, nuint length, int flags);
}
