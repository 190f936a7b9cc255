namespace Swiper.Load.Profiles;

/// <summary>The thresholds of a run; a null one is not checked.</summary>
public sealed record Thresholds
{
    /// <summary>Every request is answered with a code that the scenario expects.</summary>
    public bool? OnlyExpectedCodes { get; init; }

    /// <summary>Maximum share of requests without a reply or with an unexpected code; 0 to 1.</summary>
    public double? MaxErrorShare { get; init; }

    /// <summary>Milliseconds.</summary>
    public double? P99Ms { get; init; }

    /// <summary>Replies a second with an expected code.</summary>
    public double? MinRate { get; init; }

    /// <summary>Maximum connections not closed by the runner.</summary>
    public int? MaxLostConnections { get; init; }

    internal Thresholds Over(Thresholds? below) => below is null ? this : new Thresholds
    {
        OnlyExpectedCodes = OnlyExpectedCodes ?? below.OnlyExpectedCodes,
        MaxErrorShare = MaxErrorShare ?? below.MaxErrorShare,
        P99Ms = P99Ms ?? below.P99Ms,
        MinRate = MinRate ?? below.MinRate,
        MaxLostConnections = MaxLostConnections ?? below.MaxLostConnections,
    };

    internal IEnumerable<SettingProblem> Problems()
    {
        if (MaxErrorShare is { } share && share is not (>= 0 and <= 1))
            yield return new("thresholds.maxErrorShare", $"{share} must be from 0 to 1");
        if (P99Ms is { } p99 && p99 is not > 0)
            yield return new("thresholds.p99Ms", $"{p99} must be above 0");
        if (MinRate is { } rate && rate is not >= 0)
            yield return new("thresholds.minRate", $"{rate} must not be negative");
        if (MaxLostConnections < 0)
            yield return new("thresholds.maxLostConnections", $"{MaxLostConnections} must not be negative");
    }
}
