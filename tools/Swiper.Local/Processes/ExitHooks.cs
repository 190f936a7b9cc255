using System.Runtime.InteropServices;

namespace Swiper.Local.Processes;

/// <summary>
/// What must be done however this process ends, short of being killed itself. SIGINT and SIGTERM count where the program handles them,
/// be it by <see cref="ExitOnSignal"/> alone. The newest comes first, so that a server is gone before the folder that it writes to.
/// </summary>
internal static class ExitHooks
{
    private static readonly Lock Gate = new();
    private static readonly Lock Ending = new();
    private static readonly List<Hook> Hooks = [];

    // Held on to: one that is collected hears no signal.
    private static readonly PosixSignalRegistration HangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, static _ => RunAll());

    private static bool _isEnding;

    static ExitHooks()
    {
        AppDomain.CurrentDomain.ProcessExit += static (_, _) => RunAll();
        AppDomain.CurrentDomain.UnhandledException += static (_, _) => RunAll();
    }

    /// <summary>Adds one; disposed, it is not called any more. It may run at the same time as anything else.</summary>
    /// <exception cref="OperationCanceledException">This process is ending: what would have to be undone must not be begun.</exception>
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

    // This process may end in two ways at once: by a signal, and by a thread that misses a server that is gone already. The second
    // waits for the first, for after it nothing runs any more.
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
        // The others still count.
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
