using System.Runtime.InteropServices;

namespace Swiper.Local.Processes;

/// <summary>
/// Actions to run however this process ends, short of SIGKILL. SIGINT and SIGTERM are covered if the program handles them, if only by
/// <see cref="ExitOnSignal"/>. The newest runs first, so that a server is stopped before its folder is deleted.
/// </summary>
internal static class ExitHooks
{
    private static readonly Lock Gate = new();
    private static readonly Lock Ending = new();
    private static readonly List<Hook> Hooks = [];

    // Keeps the registrations alive: a collected one receives no signals.
    private static readonly PosixSignalRegistration HangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, static _ => RunAll());

    private static bool _isEnding;

    static ExitHooks()
    {
        AppDomain.CurrentDomain.ProcessExit += static (_, _) => RunAll();
        AppDomain.CurrentDomain.UnhandledException += static (_, _) => RunAll();
    }

    /// <summary>Adds a hook; dispose the result to remove it. A hook may run concurrently with anything else.</summary>
    /// <exception cref="OperationCanceledException">This process is ending, so nothing that needs cleaning up may be started.</exception>
    public static IDisposable Register(Action action)
    {
        var hook = new Hook(action);
        lock (Gate)
        {
            if (_isEnding)
                throw new OperationCanceledException("this process is ending");
            Hooks.Add(hook);
        }
        return hook;
    }

    // This process may exit twice at once: by a signal, and by a thread that fails because its server is already gone. The second exit
    // waits for the first, which ends the process.
    private static void RunAll()
    {
        lock (Ending)
        {
            while (TakeNewest() is { } hook)
                Run(hook);
        }
    }

    private static void Run(Hook hook)
    {
        try
        {
            hook.Action();
        }
        // The remaining hooks must still run.
        catch (Exception exception)
        {
            Console.Error.WriteLine($"swiper: {exception.Message}");
        }
    }

    private static Hook? TakeNewest()
    {
        lock (Gate)
        {
            _isEnding = true;
            if (Hooks.Count == 0)
                return null;
            var newest = Hooks[^1];
            Hooks.RemoveAt(Hooks.Count - 1);
            return newest;
        }
    }

    private sealed class Hook(Action action) : IDisposable
    {
        public Action Action => action;

        public void Dispose()
        {
            lock (Gate)
                Hooks.Remove(this);
        }
    }
}
