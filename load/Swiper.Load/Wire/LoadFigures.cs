using Swiper.Local.Processes;

namespace Swiper.Load.Wire;

/// <summary>The results of one window of load, with the CPU time of both sides, because either may be the bottleneck.</summary>
/// <param name="ClientQueue">
/// The share of connections whose replies were already waiting when the client polled. Two sides of about equal speed are both always
/// busy; the connections queue at the slower one.
/// </param>
internal sealed record LoadFigures(
    long Requests, TimeSpan Window, CpuTimes Cpu, double ClientQueue, TimeSpan Median, TimeSpan Percentile99, TimeSpan Longest)
{
    public double PerSecond => Requests / Window.TotalSeconds;

    /// <summary>CPU cores used by the server.</summary>
    public double ServerCores => Cpu.Server / Window;

    public double ClientCores => Cpu.Client / Window;

    /// <summary>CPU cores used by everything else on the machine; if that is more than a little, the figures are worthless.</summary>
    public double OtherCores => Cpu.Others / Window;
}

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
