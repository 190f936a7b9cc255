namespace Swiper.Bench.Processes;

/// <summary>Processor time by who used it; <see cref="Client"/> is this process.</summary>
internal readonly record struct CpuTimes(TimeSpan Server, TimeSpan Client, TimeSpan Machine)
{
    /// <summary>Other processes, and other guests of the same hardware.</summary>
    public TimeSpan Others => Machine > Server + Client ? Machine - Server - Client : TimeSpan.Zero;

    public static CpuTimes Read(Func<TimeSpan> server) => new(server(), Environment.CpuUsage.TotalTime, ProcessReadings.MachineCpuTime());

    public static CpuTimes operator -(CpuTimes later, CpuTimes earlier) =>
        new(later.Server - earlier.Server, later.Client - earlier.Client, later.Machine - earlier.Machine);
}
