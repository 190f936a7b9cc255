namespace Swiper.Host.Options;

/// <summary>Signing in.</summary>
public sealed record AccountOptions
{
    /// <summary>How long a token is good for.</summary>
    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromDays(30);

    /// <summary>
    /// Code messages that one address may cause in an hour; mobile carriers put many phones behind one address.
    /// Connections that have caused three share a tenth of it.
    /// </summary>
    public int CodesPerAddressPerHour { get; init; } = 120;

    /// <summary>
    /// Requests for codes and attempts of codes that one address may make in a minute: a hundred a second, which a host hardly notices.
    /// Codes are bounded by phone, device and message. Connections that have failed five times share a tenth of it.
    /// </summary>
    public int SignInsPerAddressPerMinute { get; init; } = 6000;

    /// <summary>Code messages that this host sends in a minute, which is what an attack can cost at most.</summary>
    public int CodesPerMinute { get; init; } = 600;

    /// <summary>
    /// Wrong codes in a minute from which on addresses that tried one lately have to wait: six digits are guessed once in a million tries,
    /// which then take a week.
    /// </summary>
    public int WrongCodesPerMinute { get; init; } = 100;

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
        if (CodesPerMinute < 1)
            yield return $"Accounts:CodesPerMinute: {CodesPerMinute} is below 1";
        if (WrongCodesPerMinute < 1)
            yield return $"Accounts:WrongCodesPerMinute: {WrongCodesPerMinute} is below 1";
        if (LiftRateLimits && !isDevelopment)
            yield return "Accounts:LiftRateLimits: allowed in Development only";
    }
}
