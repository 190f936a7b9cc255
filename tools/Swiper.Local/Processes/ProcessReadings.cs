using System.Globalization;

namespace Swiper.Local.Processes;

/// <summary>What Linux counts for one process, read from outside, so that the measured one does nothing for it.</summary>
internal static class ProcessReadings
{
    // USER_HZ, in which /proc counts, is 100 on every Linux that .NET runs on.
    private const double TicksPerSecond = 100;

    /// <summary>User and kernel time of all threads, in steps of 10 ms.</summary>
    public static TimeSpan CpuTime(int process)
    {
        var stat = File.ReadAllText($"/proc/{process}/stat");
        // The second field is the name in parentheses and may hold blanks; utime and stime are fields 14 and 15.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return TimeSpan.FromSeconds((Number(fields[11]) + Number(fields[12])) / TicksPerSecond);
    }

    /// <summary>What all processors did but idle, time that the hypervisor kept from them included.</summary>
    public static TimeSpan MachineCpuTime()
    {
        // "cpu  user nice system idle iowait irq softirq steal guest ..."; guest time is in user time already.
        var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        int[] busy = [1, 2, 3, 6, 7, 8];
        return TimeSpan.FromSeconds(busy.Sum(field => Number(fields[field])) / TicksPerSecond);
    }

    /// <summary>Resident bytes of the process alone: pages that it shares with others are counted in part (PSS).</summary>
    public static long Memory(int process)
    {
        var line = File.ReadLines($"/proc/{process}/smaps_rollup").First(line => line.StartsWith("Pss:", StringComparison.Ordinal));
        return 1024 * Number(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]);
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
