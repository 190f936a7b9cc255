using System.Runtime.InteropServices;

namespace Swiper.Local.Processes;

/// <summary>
/// Makes SIGINT and SIGTERM end this process like <see cref="Environment.Exit"/>, including exit hooks, for programs without their own
/// handling. By default they end it at once, and the servers that it started keep running.
/// </summary>
internal static class ExitOnSignal
{
    // Keeps the registrations alive: a collected one receives no signals.
    private static readonly List<PosixSignalRegistration> Registrations = [];

    /// <summary>
    /// The exit code of the signal; null if none was received. Its servers are stopped first, so the program's work may meanwhile fail for
    /// lack of them.
    /// </summary>
    public static int? ExitCode { get; private set; }

    /// <summary>Installs the handlers; idempotent.</summary>
    public static void Enable()
    {
        lock (Registrations)
        {
            if (Registrations.Count > 0)
                return;
            Registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, static _ => Exit(143)));
            Registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, static _ => Exit(130)));
        }
    }

    private static void Exit(int code)
    {
        ExitCode = code;
        Environment.Exit(code);
    }
}
