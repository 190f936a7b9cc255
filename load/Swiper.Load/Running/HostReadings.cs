using System.ComponentModel;
using System.Diagnostics;

namespace Swiper.Load.Running;

/// <summary>What the operating system counts for the host, where it runs on this machine. Read from outside, so that it does nothing for it.</summary>
/// <param name="Cpu">Of all its threads, since it started.</param>
/// <param name="MemoryBytes">Resident.</param>
internal readonly record struct HostReadings(TimeSpan Cpu, long MemoryBytes)
{
    /// <summary>Null where there is no such process, or not any more.</summary>
    public static HostReadings? Read(int? processId)
    {
        if (processId is not { } id)
            return null;
        try
        {
            using var process = Process.GetProcessById(id);
            return new HostReadings(process.TotalProcessorTime, process.WorkingSet64);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return null;
        }
    }
}
