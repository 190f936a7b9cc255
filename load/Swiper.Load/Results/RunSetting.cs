namespace Swiper.Load.Results;

/// <summary>Where and how a run was made: what is needed to repeat and to judge it.</summary>
/// <param name="Command">The exact command.</param>
/// <param name="Server">The server's reply to hello, and its address.</param>
/// <param name="Commit">Commit of the runner; null outside a checkout.</param>
/// <param name="Processes">Number of runner processes.</param>
/// <param name="Connections">Open connections, of all processes.</param>
/// <param name="Rate">
/// Requests per second of an open loop, after any ramp-up; null in a closed loop.
/// </param>
/// <param name="RunnerCores">Average CPU cores used by the runner.</param>
/// <param name="ServerCores">
/// Average CPU cores used by the host and its private databases if they run on this machine; otherwise null.
/// </param>
/// <param name="OtherCores">
/// Average CPU cores used by everything else, kernel threads included; null if unknown.
/// </param>
public sealed record RunSetting(
    string Command, string Server, string Machine, int Cores, string Runtime, string? Commit, int Processes, int Connections, double? Rate,
    double RunnerCores, double? ServerCores, double? OtherCores = null)
{
    /// <summary>Each process's part of <see cref="ServerCores"/>; empty for a single process, or if unknown.</summary>
    public IReadOnlyList<ProcessCores> ServerProcesses { get; init; } = [];
}
