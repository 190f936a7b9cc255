using Swiper.Load.Scenarios;

namespace Swiper.Load.Profiles;

/// <summary>How a scenario is driven: the profile's settings merged with those of the command line.</summary>
public sealed record LoadSettings
{
    public const int MaxProcesses = 64;
    public const int MaxConnections = 1_000_000;
    public const int MaxRobots = 10_000_000;
    public const double MaxSeconds = 7 * 24 * 3600;
    public const double MaxRate = 100_000_000;

    /// <summary>Seconds of load before the measured part.</summary>
    public required double WarmUpSeconds { get; init; }

    /// <summary>Length of the measured part, in seconds.</summary>
    public required double DurationSeconds { get; init; }

    /// <summary>Connections of all processes together.</summary>
    public required int Connections { get; init; }

    /// <summary>Maximum requests in flight per connection.</summary>
    public required int InFlight { get; init; }

    /// <summary>Requests due per second, of all processes together; null for a closed loop.</summary>
    public double? Rate { get; init; }

    /// <summary>Seconds, from the start of the warm-up, in which the rate rises from zero.</summary>
    public double RampUpSeconds { get; init; }

    public required int Processes { get; init; }

    /// <summary>Users created on the private host; at least one per connection.</summary>
    public required int Robots { get; init; }

    public required Thresholds Thresholds { get; init; }

    /// <summary>All problems with these settings, one per field.</summary>
    public IEnumerable<SettingProblem> Problems(Scenario scenario)
    {
        var demands = scenario.Demands;
        if (WarmUpSeconds is not (>= 0 and <= MaxSeconds))
            yield return new("warmUpSeconds", $"{WarmUpSeconds} must be from 0 to a week");
        if (DurationSeconds is not (>= 1 and <= MaxSeconds))
            yield return new("durationSeconds", $"{DurationSeconds} must be from 1 to a week");
        if (Connections is < 1 or > MaxConnections)
            yield return new("connections", $"{Connections} must be from 1 to {MaxConnections}");
        if (InFlight < 1 || InFlight > demands.MaxInFlight)
            yield return new("inFlight", demands.MaxInFlight == 1
                ? $"{InFlight}: a user of {scenario.Name} has one request in flight; use more connections"
                : $"{InFlight} must be from 1 to {demands.MaxInFlight}");
        if (Processes is < 1 or > MaxProcesses)
            yield return new("processes", $"{Processes} must be from 1 to {MaxProcesses}");
        else if (Processes > Connections)
            yield return new("processes", $"{Processes} exceeds the {Connections} connections");
        if (Rate is { } rate && rate is not (> 0 and <= MaxRate))
            yield return new("rate", $"{rate} must be above 0 and at most {MaxRate:0}");
        if (Rate is null && !demands.Loops.HasFlag(Loops.Closed))
            yield return new("rate", $"{scenario.Name} needs a rate");
        if (Rate is not null && !demands.Loops.HasFlag(Loops.Open))
            yield return new("rate", $"{scenario.Name} sets its own pace");
        if (RampUpSeconds is not (>= 0 and <= MaxSeconds))
            yield return new("rampUpSeconds", $"{RampUpSeconds} must be from 0 to a week");
        else if (RampUpSeconds > 0 && Rate is null)
            yield return new("rampUpSeconds", "needs a rate");
        if (Robots is < 1 or > MaxRobots)
            yield return new("robots", $"{Robots} must be from 1 to {MaxRobots}");
        foreach (var problem in Thresholds.Problems())
            yield return problem;
    }
}

/// <param name="Field">The field's name in profiles.</param>
public readonly record struct SettingProblem(string Field, string What);
