namespace Swiper.Load.Results;

/// <summary>What one run of a scenario found; the JSON report is this record.</summary>
public sealed record LoadReport
{
    public required string Scenario { get; init; }

    public required string Profile { get; init; }

    public required RunSetting Setting { get; init; }

    public required DateTimeOffset Started { get; init; }

    /// <summary>Seconds that were measured; warming up is not.</summary>
    public required double Seconds { get; init; }

    /// <summary>
    /// Requests a second that were due while it was measured: fewer than the rate asked for where that still climbed. Null in the
    /// closed loop, and where nothing was measured.
    /// </summary>
    public double? DuePerSecond { get; init; }

    /// <summary>Somebody ended it before its time; the figures are those of the part until then.</summary>
    public bool Interrupted { get; init; }

    /// <summary>All requests together.</summary>
    public required StepResult Total { get; init; }

    /// <summary>
    /// Requests that were due and never sent: they are in <see cref="Total"/>, without a reply, and in none of <see cref="Steps"/>.
    /// </summary>
    public long Unsent { get; init; }

    /// <summary>Each kind of request by itself, in the order in which the scenario names them.</summary>
    public required IReadOnlyList<StepResult> Steps { get; init; }

    /// <summary>The run second by second.</summary>
    public required IReadOnlyList<Interval> Timeline { get; init; }

    public required IReadOnlyList<ThresholdResult> Thresholds { get; init; }

    /// <summary>Figures of the scenario's own, such as connections held or pushes received.</summary>
    public IReadOnlyDictionary<string, double> Figures { get; init; } = new Dictionary<string, double>();

    /// <summary>True where no threshold was missed.</summary>
    public bool Passed => Thresholds.All(threshold => threshold.Met);
}
