using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Swiper.Local.Processes;

/// <summary>Resource use of a process, read from outside so that it costs the measured process nothing.</summary>
internal static class ProcessReadings
{
    // USER_HZ, in which /proc counts, is 100 on every Linux that .NET runs on.
    private const double TicksPerSecond = 100;

    /// <summary>User and kernel time of all threads; on Linux with a resolution of 10 ms.</summary>
    /// <exception cref="InvalidOperationException">The process does not exist, or has exited.</exception>
    public static TimeSpan CpuTime(int process) => Read(process, static opened => opened.TotalProcessorTime);

    /// <summary>Resident bytes, including shared pages.</summary>
    /// <exception cref="InvalidOperationException">As above.</exception>
    public static long ResidentMemory(int process) => Read(process, static opened => opened.WorkingSet64);

    /// <summary>Proportional set size in bytes: shared pages count in part. Linux only.</summary>
    public static long ProportionalMemory(int process)
    {
        var line = File.ReadLines($"/proc/{process}/smaps_rollup").First(line => line.StartsWith("Pss:", StringComparison.Ordinal));
        return 1024 * Number(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]);
    }

    /// <summary>Non-idle time of all CPUs, including time stolen by the hypervisor. Linux only.</summary>
    public static TimeSpan MachineCpuTime()
    {
        // "cpu  user nice system idle iowait irq softirq steal guest ..."; guest time is in user time already.
        var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        int[] busy = [1, 2, 3, 6, 7, 8];
        return TimeSpan.FromSeconds(busy.Sum(field => Number(fields[field])) / TicksPerSecond);
    }

    private static T Read<T>(int process, Func<Process, T> read)
    {
        try
        {
            using var opened = Process.GetProcessById(process);
            return read(opened);
        }
        catch (Exception exception) when (exception is ArgumentException or Win32Exception)
        {
            throw new InvalidOperationException($"process {process} has exited", exception);
        }
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
