namespace Swiper.Storage.Redis;

/// <summary>Where Redis is and how long it is waited for.</summary>
internal sealed record RedisOptions
{
    /// <summary>One server, or some of a cluster's, as StackExchange.Redis reads them: <c>host:port,host:port,password=...</c>.</summary>
    public required string Configuration { get; init; }

    /// <summary>After this a call counts as failed and its server as down until it answers again.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// A client that has brought no answer for so long is replaced by a fresh one. Several deadlines: what comes back sooner comes back to
    /// the old one.
    /// </summary>
    public TimeSpan ReplaceAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The most swipes in one script call of the index. Redis answers nobody else meanwhile (some ms for so many), and the packed
    /// argument stays out of the large object heap.
    /// </summary>
    public int MaxSwipesPerCall { get; init; } = 1000;

    /// <summary>Past so many waiting swipes it is cheaper to rebuild the index than to catch up; about 100 bytes each.</summary>
    public int MaxWaitingSwipes { get; init; } = 1_000_000;

    /// <summary>How often a server with nothing to do is asked whether it still is the one that was built.</summary>
    public TimeSpan ProbePeriod { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A group that was reported as untrusted is not reported again for so long.</summary>
    public TimeSpan ReportPeriod { get; init; } = TimeSpan.FromSeconds(1);
}
