using Swiper.Local.Processes;

namespace Swiper.Compare.Processes;

/// <summary>
/// CPU time by process: <see cref="Client"/> is this process, <see cref="Servers"/> are the measured ones, one by one.
/// </summary>
internal readonly record struct CpuTimes(IReadOnlyList<TimeSpan> Servers, TimeSpan Client, TimeSpan Machine)
{
    public TimeSpan Server => Servers.Aggregate(TimeSpan.Zero, (sum, time) => sum + time);

    /// <summary>Other processes, and other guests of the same hardware.</summary>
    public TimeSpan Others => Machine > Server + Client ? Machine - Server - Client : TimeSpan.Zero;

    public static CpuTimes Read(ServerGroup servers) =>
        new(servers.CpuTimes(), Environment.CpuUsage.TotalTime, ProcessReadings.MachineCpuTime());

    public static CpuTimes operator -(CpuTimes later, CpuTimes earlier) =>
        new([.. later.Servers.Zip(earlier.Servers, (after, before) => after - before)], later.Client - earlier.Client,
            later.Machine - earlier.Machine);
}
