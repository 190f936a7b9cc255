using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Swiper.Tests.Shared;

/// <summary>
/// Has SIGTERM, by which a run that hangs is ended, end this program as <see cref="Environment.Exit"/> does: the servers that it has
/// started end with it. What Ctrl+C does is left to xunit.
/// </summary>
internal static class ExitOnTermination
{
    private const int Terminated = 143;

    // Keeps the registrations alive: a collected one receives no signals.
    private static PosixSignalRegistration? _registration;

    [ModuleInitializer]
    internal static void Enable() =>
        _registration = PosixSignalRegistration.Create(PosixSignal.SIGTERM, static _ => Environment.Exit(Terminated));
}
