using System.Globalization;
using System.Net.Sockets;
using Microsoft.Extensions.Hosting.Systemd;

namespace Swiper.Host.Restarts;

/// <summary>
/// Systemd, where it has started this process: with Type=notify it is told when clients can connect, when the host begins to stop, and
/// which process is the service. Only that: the rest of the package would replace the log's format and what signals do.
/// </summary>
internal static class ServiceManager
{
    private static readonly SystemdNotifier Systemd = new();

    /// <summary>Why this process can't be replaced by another; null if it can.</summary>
    public static string? Objection { get; } =
        !OperatingSystem.IsLinux() ? "only Linux lets another process inherit its ports"
        : Environment.ProcessId == 1 ? "it is process 1 of its container, which ends with it"
        : !Systemd.IsEnabled && Environment.GetEnvironmentVariable("SYSTEMD_EXEC_PID") == Text(Environment.ProcessId)
            ? "systemd would not know the new process; the unit must say Type=notify"
        : null;

    /// <summary>Tells when the app serves, and when it ends without a successor.</summary>
    public static void Follow(IHostApplicationLifetime lifetime, Replacement replacement)
    {
        lifetime.ApplicationStarted.Register(() => Tell(ServiceState.Ready));
        lifetime.ApplicationStopping.Register(() =>
        {
            if (replacement.SuccessorId is null)
                Tell(ServiceState.Stopping);
        });
    }

    /// <summary>Which process is the service from now on.</summary>
    public static void TellMainProcess(int id) => Tell(new ServiceState($"MAINPID={Text(id)}"));

    private static void Tell(ServiceState state)
    {
        try
        {
            Systemd.Notify(state);
        }
        catch (SocketException)
        {
            // Nobody listens there: this process was started by one that is itself a service.
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
