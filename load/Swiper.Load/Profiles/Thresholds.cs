namespace Swiper.Load.Profiles;

/// <summary>What a run must keep to; what is null is not asked for.</summary>
public sealed record Thresholds
{
    /// <summary>Every reply has a code that the scenario expects, and every request has a reply.</summary>
    public bool? OnlyExpectedCodes { get; init; }

    /// <summary>Requests without a reply or with an unexpected code, of all; 0 to 1.</summary>
    public double? MaxErrorShare { get; init; }

    /// <summary>Milliseconds.</summary>
    public double? P99Ms { get; init; }

    /// <summary>Replies a second with an expected code.</summary>
    public double? MinRate { get; init; }

    /// <summary>Connections that end by themselves.</summary>
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
            yield return new("thresholds.maxErrorShare", $"{share} is not within 0 and 1");
        if (P99Ms is { } p99 && p99 is not > 0)
            yield return new("thresholds.p99Ms", $"{p99} is not above 0");
        if (MinRate is { } rate && rate is not >= 0)
            yield return new("thresholds.minRate", $"{rate} is below 0");
        if (MaxLostConnections < 0)
            yield return new("thresholds.maxLostConnections", $"{MaxLostConnections} is below 0");
    }
}
