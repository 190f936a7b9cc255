using Swiper.Compare.Processes;

namespace Swiper.Compare.Load;

/// <summary>What one window of load showed. Processor time is of both sides, because either may be what limits the figure.</summary>
/// <param name="ClientQueue">
/// The share of the connections whose replies waited for the client each time it looked. Two sides that are about as fast are both always
/// busy; the slower one is where the connections queue.
/// </param>
internal sealed record LoadFigures(
    long Requests, TimeSpan Window, CpuTimes Cpu, double ClientQueue, TimeSpan Median, TimeSpan Percentile99, TimeSpan Longest)
{
    public double PerSecond => Requests / Window.TotalSeconds;

    /// <summary>Processors that the server kept busy: 1 is one core.</summary>
    public double ServerCores => Cpu.Server / Window;

    public double ClientCores => Cpu.Client / Window;

    /// <summary>What anything else on the machine took: more than a little, and the figures are worthless.</summary>
    public double OtherCores => Cpu.Others / Window;
}
