using Swiper.Compare.Processes;

namespace Swiper.Compare.Load;

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
