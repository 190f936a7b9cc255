namespace Swiper.Storage.Redis;

/// <summary>The address of Redis, and timeouts.</summary>
internal sealed record RedisOptions
{
    /// <summary>
    /// One server, or some of a cluster's, in the format of StackExchange.Redis: <c>host:port,host:port,password=...</c>.
    /// </summary>
    public required string Configuration { get; init; }

    /// <summary>The time after which a call fails and its server counts as down until it answers again.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// A client that has received no answer for this long is replaced. Several deadlines, so that a server that recovers sooner recovers
    /// on the old client.
    /// </summary>
    public TimeSpan ReplaceAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The most swipes in one script call of the index. The call blocks Redis for some ms, and its packed argument stays out of the large
    /// object heap.
    /// </summary>
    public int MaxSwipesPerCall { get; init; } = 1000;

    /// <summary>Past this many queued swipes, of about 100 bytes each, it is cheaper to rebuild the index than to catch up.</summary>
    public int MaxWaitingSwipes { get; init; } = 1_000_000;

    /// <summary>How often an idle server is probed whether its index is still the one that was built.</summary>
    public TimeSpan ProbePeriod { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The minimum interval between reports of the same untrusted group.</summary>
    public TimeSpan ReportPeriod { get; init; } = TimeSpan.FromSeconds(1);
}
