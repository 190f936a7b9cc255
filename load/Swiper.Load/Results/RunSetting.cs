namespace Swiper.Load.Results;

/// <summary>Where and how a run was made: what somebody needs to repeat it, and to judge it.</summary>
/// <param name="Command">The exact command.</param>
/// <param name="Server">What hello answered, and the address.</param>
/// <param name="Commit">Of the runner; null outside a checkout.</param>
/// <param name="Processes">Runner processes that made the load.</param>
/// <param name="Connections">Open connections, of all processes.</param>
/// <param name="Rate">
/// Requests a second of the open loop, once it has climbed to them; null in the closed loop, where each connection waits for its
/// replies.
/// </param>
/// <param name="RunnerCores">Processors that the runner kept busy, on average.</param>
/// <param name="ServerCores">
/// The same of the host and the databases that serve it alone, where they run on this machine; else null.
/// </param>
/// <param name="OtherCores">
/// The same of all that is neither runner nor server, the kernel's own threads included; null where it is not known.
/// </param>
public sealed record RunSetting(
    string Command, string Server, string Machine, int Cores, string Runtime, string? Commit, int Processes, int Connections, double? Rate,
    double RunnerCores, double? ServerCores, double? OtherCores = null)
{
    /// <summary>What each process has of <see cref="ServerCores"/>; empty where there is one, or none is known.</summary>
    public IReadOnlyList<ProcessCores> ServerProcesses { get; init; } = [];
}
