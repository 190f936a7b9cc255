using Swiper.Load.Scenarios;

namespace Swiper.Load.Profiles;

/// <summary>How a scenario is driven, after a profile and the command line have had their say.</summary>
public sealed record LoadSettings
{
    public const int MaxProcesses = 64;
    public const int MaxConnections = 1_000_000;
    public const int MaxRobots = 10_000_000;
    public const double MaxSeconds = 7 * 24 * 3600;
    public const double MaxRate = 100_000_000;

    /// <summary>Seconds of load before anything counts.</summary>
    public required double WarmUpSeconds { get; init; }

    /// <summary>Seconds that are measured.</summary>
    public required double DurationSeconds { get; init; }

    /// <summary>Of all processes together.</summary>
    public required int Connections { get; init; }

    /// <summary>Requests under way on each of them at most.</summary>
    public required int InFlight { get; init; }

    /// <summary>Requests due a second, of all processes together; null for the closed loop.</summary>
    public double? Rate { get; init; }

    /// <summary>Seconds, from the start of the warm-up on, in which the rate climbs from nothing.</summary>
    public double RampUpSeconds { get; init; }

    public required int Processes { get; init; }

    /// <summary>People who are made where the runner starts the host; at least one a connection.</summary>
    public required int Robots { get; init; }

    public required Thresholds Thresholds { get; init; }

    /// <summary>Everything that is wrong, a field each.</summary>
    public IEnumerable<SettingProblem> Problems(Scenario scenario)
    {
        var demands = scenario.Demands;
        if (WarmUpSeconds is not (>= 0 and <= MaxSeconds))
            yield return new("warmUpSeconds", $"{WarmUpSeconds} is not within 0 and a week");
        if (DurationSeconds is not (>= 1 and <= MaxSeconds))
            yield return new("durationSeconds", $"{DurationSeconds} is not within 1 and a week");
        if (Connections is < 1 or > MaxConnections)
            yield return new("connections", $"{Connections} is not within 1 and {MaxConnections}");
        if (InFlight < 1 || InFlight > demands.MaxInFlight)
            yield return new("inFlight", demands.MaxInFlight == 1
                ? $"{InFlight}: whoever plays {scenario.Name} does one thing after the other; use more connections"
                : $"{InFlight} is not within 1 and {demands.MaxInFlight}");
        if (Processes is < 1 or > MaxProcesses)
            yield return new("processes", $"{Processes} is not within 1 and {MaxProcesses}");
        else if (Processes > Connections)
            yield return new("processes", $"{Processes} are more than the {Connections} connections");
        if (Rate is { } rate && rate is not (> 0 and <= MaxRate))
            yield return new("rate", $"{rate} is not above 0 and within {MaxRate:0}");
        if (Rate is null && !demands.Loops.HasFlag(Loops.Closed))
            yield return new("rate", $"{scenario.Name} needs one");
        if (Rate is not null && !demands.Loops.HasFlag(Loops.Open))
            yield return new("rate", $"{scenario.Name} has a pace of its own");
        if (RampUpSeconds is not (>= 0 and <= MaxSeconds))
            yield return new("rampUpSeconds", $"{RampUpSeconds} is not within 0 and a week");
        else if (RampUpSeconds > 0 && Rate is null)
            yield return new("rampUpSeconds", "only a rate can climb");
        if (Robots is < 1 or > MaxRobots)
            yield return new("robots", $"{Robots} is not within 1 and {MaxRobots}");
        foreach (var problem in Thresholds.Problems())
            yield return problem;
    }
}

/// <param name="Field">As profiles name it.</param>
public readonly record struct SettingProblem(string Field, string What);
