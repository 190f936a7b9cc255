using Swiper.Load.Running;

namespace Swiper.Load.Commands;

/// <summary>Makes the load that the command line asks for, and reports it.</summary>
internal interface ILoadRunner
{
    /// <param name="plan">What to run, on a server that is there.</param>
    /// <param name="reportFolder">Where reports go; made where it is missing.</param>
    /// <param name="stop">Ends the run early; what was measured until then is reported.</param>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    Task<int> RunAsync(LoadPlan plan, string reportFolder, CancellationToken stop);
}
