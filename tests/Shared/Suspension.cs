using System.Diagnostics;
using System.Globalization;

namespace Swiper.Tests.Shared;

/// <summary>SIGSTOP and SIGCONT: a process hangs, and goes on as if no time had passed.</summary>
internal static class Suspension
{
    private const string StatesOfStopped = "TtZX";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Its connections stay, and it does nothing any more. That is so on return: until one of its threads takes the signal all of them
    /// run on.
    /// </summary>
    public static void Suspend(int process)
    {
        Signal("STOP", process);
        if (!SpinWait.SpinUntil(() => Directory.GetDirectories($"/proc/{process}/task").All(IsStopped), Patience))
            throw new TimeoutException($"process {process} does not stop");
    }

    public static void Resume(int process) => Signal("CONT", process);

    private static void Signal(string signal, int process)
    {
        using var kill = Process.Start("kill", ["-s", signal, process.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

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
