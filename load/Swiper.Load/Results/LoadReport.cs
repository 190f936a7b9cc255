namespace Swiper.Load.Results;

/// <summary>The results of one run of a scenario; the JSON report is this record.</summary>
public sealed record LoadReport
{
    public required string Scenario { get; init; }

    public required string Profile { get; init; }

    public required RunSetting Setting { get; init; }

    public required DateTimeOffset Started { get; init; }

    /// <summary>Measured seconds, without the warm-up.</summary>
    public required double Seconds { get; init; }

    /// <summary>
    /// Requests per second due in the measured part; below the configured rate if that was still ramping up. Null in a closed loop, and if
    /// nothing was measured.
    /// </summary>
    public double? DuePerSecond { get; init; }

    /// <summary>The run was interrupted; its figures cover the part before that.</summary>
    public bool Interrupted { get; init; }

    /// <summary>All requests together.</summary>
    public required StepResult Total { get; init; }

    /// <summary>
    /// Requests due and never sent; counted in <see cref="Total"/> as without a reply, and in none of <see cref="Steps"/>.
    /// </summary>
    public long Unsent { get; init; }

    /// <summary>Each kind of request, in the scenario's order.</summary>
    public required IReadOnlyList<StepResult> Steps { get; init; }

    /// <summary>The run second by second.</summary>
    public required IReadOnlyList<Interval> Timeline { get; init; }

    public required IReadOnlyList<ThresholdResult> Thresholds { get; init; }

    /// <summary>Scenario-specific figures, such as connections held or pushes received.</summary>
    public IReadOnlyDictionary<string, double> Figures { get; init; } = new Dictionary<string, double>();

    /// <summary>True where no threshold was missed.</summary>
    public bool Passed => Thresholds.All(threshold => threshold.Met);
}

/// <summary>Average CPU cores used by one process.</summary>
public sealed record ProcessCores(string Name, double Cores);

/// <summary>A threshold of the profile, such as <c>p99 &lt;= 50 ms</c>, and the measured value.</summary>
public sealed record ThresholdResult(string Rule, string Actual, bool Met);
