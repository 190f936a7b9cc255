using System.Diagnostics;
using System.Globalization;

namespace Swiper.Local.Processes;

/// <summary>Signals to processes.</summary>
internal static class Signals
{
    private const string StatesOfStopped = "TtZX";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <param name="signal">Its name without SIG, such as TERM.</param>
    /// <param name="process">The id of the process.</param>
    public static void Send(string signal, int process)
    {
        using var kill = Process.Start("kill", ["-s", signal, process.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>
    /// SIGSTOP: its connections stay and nothing else happens in it any more. All its threads have stopped on return: until one of them
    /// takes the signal they run on.
    /// </summary>
    public static void Suspend(int process)
    {
        Send("STOP", process);
        if (!SpinWait.SpinUntil(() => Directory.GetDirectories($"/proc/{process}/task").All(IsStopped), Patience))
            throw new TimeoutException($"process {process} does not stop");
    }

    /// <summary>SIGCONT: it goes on as if no time had passed.</summary>
    public static void Resume(int process) => Send("CONT", process);

    private static bool IsStopped(string thread)
    {
        try
        {
            // pid (name) state ..., and a name may hold anything.
            var status = File.ReadAllText($"{thread}/stat");
            return StatesOfStopped.Contains(status[status.LastIndexOf(')') + 2]);
        }
        catch (IOException)
        {
            // It has exited in the meantime.
            return true;
        }
    }
}
