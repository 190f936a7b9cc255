namespace Swiper.Host.Options;

/// <summary>Signing in.</summary>
public sealed record AccountOptions
{
    /// <summary>How long a token is good for.</summary>
    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Code messages that one address may cause in an hour; mobile carriers put many phones behind one address.</summary>
    public int CodesPerAddressPerHour { get; init; } = 120;

    /// <summary>Requests for codes, and attempts of codes and tokens, that one address may make in a minute.</summary>
    public int SignInsPerAddressPerMinute { get; init; } = 600;

    /// <summary>Lifts the limits of addresses and phones, and the quotas, for load tests. Development only.</summary>
    public bool LiftRateLimits { get; init; }

    internal IEnumerable<string> Problems(bool isDevelopment)
    {
        if (TokenLifetime <= TimeSpan.Zero)
            yield return "Accounts:TokenLifetime: must be positive";
        if (CodesPerAddressPerHour < 1)
            yield return $"Accounts:CodesPerAddressPerHour: {CodesPerAddressPerHour} is below 1";
        if (SignInsPerAddressPerMinute < 1)
            yield return $"Accounts:SignInsPerAddressPerMinute: {SignInsPerAddressPerMinute} is below 1";
        if (LiftRateLimits && !isDevelopment)
            yield return "Accounts:LiftRateLimits: allowed in Development only";
    }
}
