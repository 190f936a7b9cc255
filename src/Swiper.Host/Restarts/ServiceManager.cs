using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Swiper.Host.Restarts;

/// <summary>Systemd, where it has started this process: it must know which process is the service.</summary>
internal static class ServiceManager
{
    private static readonly string? Socket = Environment.GetEnvironmentVariable("NOTIFY_SOCKET");

    /// <summary>Why this process can't be replaced by another; null if it can.</summary>
    public static string? Objection { get; } =
        !OperatingSystem.IsLinux() ? "only Linux lets another process inherit its ports"
        : Environment.ProcessId == 1 ? "it is process 1 of its container, which ends with it"
        : Socket is null && Environment.GetEnvironmentVariable("SYSTEMD_EXEC_PID") == OwnId
            ? "systemd would not know the new process; the unit must say Type=notify"
        : null;

    private static string OwnId => Environment.ProcessId.ToString(CultureInfo.InvariantCulture);

    /// <summary>Which process is the service from now on.</summary>
    public static void TellMainProcess(int id)
    {
        if (Socket is null)
            return;
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            // A name that begins with @ is none of the file system.
            socket.SendTo(Encoding.UTF8.GetBytes($"MAINPID={id.ToString(CultureInfo.InvariantCulture)}"),
                new UnixDomainSocketEndPoint(Socket.StartsWith('@') ? $"\0{Socket[1..]}" : Socket));
        }
        catch (SocketException)
        {
            // Nobody listens there: this process was started by one that is itself a service.
        }
    }
}
