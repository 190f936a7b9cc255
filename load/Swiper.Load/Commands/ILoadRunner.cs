using Swiper.Load.Running;

namespace Swiper.Load.Commands;

/// <summary>Runs the requested load and reports the results.</summary>
internal interface ILoadRunner
{
    /// <param name="plan">What to run, including a reachable server.</param>
    /// <param name="reportFolder">Report folder; created if missing.</param>
    /// <param name="stop">Interrupts the run; what was measured so far is still reported.</param>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    Task<int> RunAsync(LoadPlan plan, string reportFolder, CancellationToken stop);
}
