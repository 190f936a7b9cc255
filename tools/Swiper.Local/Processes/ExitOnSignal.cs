using System.Runtime.InteropServices;

namespace Swiper.Local.Processes;

/// <summary>
/// Lets SIGINT and SIGTERM end this process as <see cref="Environment.Exit"/> does, exit hooks included, in a program that has nothing
/// else to do about them. By default they end it at once, and the servers that it has started run on.
/// </summary>
internal static class ExitOnSignal
{
    // Held on to: one that is collected hears no signal.
    private static readonly List<PosixSignalRegistration> Registrations = [];

    /// <summary>
    /// What this process ends with; null where no signal has come. Its servers end first, and meanwhile its work may come to an end of
    /// its own, failed for want of them.
    /// </summary>
    public static int? ExitCode { get; private set; }

    /// <summary>From now on; twice is as good as once.</summary>
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
