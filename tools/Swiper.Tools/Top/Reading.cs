namespace Swiper.Tools.Top;

/// <summary>
/// What `./swiper top` tells of a host, or of several added up. With --json these are the names, in snake case: they stay. Rates are a
/// second's; what the hosts do not tell is null.
/// </summary>
internal sealed record Reading(
    RequestsReading Requests,
    IReadOnlyList<OpReading> Ops,
    IReadOnlyList<ErrorReading> Errors,
    ConnectionsReading Connections,
    TrafficReading Traffic,
    ProcessReading Process,
    LanesReading Lanes,
    IReadOnlyList<ShardReading> Shards,
    IndexReading Index,
    FollowUpsReading FollowUps,
    HealthReading Health)
{
    private const string Requested = "swiper_requests_total";
    private const string Duration = "swiper_request_duration_seconds";
    private const string Commit = "swiper_lane_commit_duration_seconds";

    public static Reading Of(Metrics all) => new(
        new RequestsReading(
            all.Rate(Requested), ErrorsOf(all), all.Rate("swiper_requests_throttled_total"), all.Sum("swiper_requests_in_flight"),
            LatencyOf(all, 0.5), LatencyOf(all, 0.99)),
        [.. all.Values(Requested, "op").Select(op => OpOf(op, all.Where("op", op)))],
        [
            .. all.Values(Requested, "code").Where(code => code != "0")
                .Select(code => new ErrorReading(code, all.Where("code", code).Rate(Requested))),
        ],
        new ConnectionsReading(
            all.Sum("swiper_connections_open"), all.Sum("swiper_sessions"), all.Rate("swiper_connections_accepted_total"),
            all.Rate("swiper_connections_refused_total"), all.WhereNot("outcome", "ok").Rate("swiper_tls_handshakes_total"),
            all.Sum("swiper_connections_paused"), all.Sum("swiper_connections_buffered_bytes")),
        new TrafficReading(
            all.Where("direction", "receive").Rate("swiper_io_bytes_total"),
            all.Where("direction", "transmit").Rate("swiper_io_bytes_total"), all.Rate("swiper_pushes_total")),
        new ProcessReading(
            all.Rate("dotnet_process_cpu_time_seconds_total"), all.MeanRate("swiper_loop_busy_seconds_total"),
            all.Sum("dotnet_process_memory_working_set_bytes"), all.Sum("dotnet_gc_last_collection_heap_size_bytes"),
            all.Rate("dotnet_gc_heap_total_allocated_bytes_total"), CollectionsOf(all, "gen0"), CollectionsOf(all, "gen1"),
            CollectionsOf(all, "gen2"), all.MeanRate("dotnet_gc_pause_time_seconds_total")),
        new LanesReading(
            all.Sum("swiper_lane_depth"), all.Rate($"{Commit}_count"), all.Mean("swiper_lane_batch_size"), all.Quantile(Commit, 0.5),
            all.Quantile(Commit, 0.99)),
        [
            .. all.Values("swiper_shard_up", "shard").Union(all.Values("swiper_lane_depth", "shard"))
                .Order(Comparer<string>.Create(static (a, b) => (a.Length, a).CompareTo((b.Length, b))))
                .Select(shard => ShardOf(shard, all.Where("shard", shard))),
        ],
        new IndexReading(
            all.Sum("swiper_index_lag"), all.Max("swiper_index_lag_duration_seconds"), all.Max("swiper_index_untrusted"),
            all.Sum("swiper_index_rebuilds_total"), IsSet(all.Min("swiper_redis_up"))),
        new FollowUpsReading(
            all.Max("swiper_follow_ups_pending"), all.Max("swiper_follow_ups_oldest_seconds"), all.Rate("swiper_follow_ups_failed_total")),
        new HealthReading(
            IsSet(all.Min("swiper_health_ready")),
            [.. all.Values("swiper_health_reason", "reason").Where(reason => all.Where("reason", reason).Max("swiper_health_reason") > 0)],
            all.Where("path", "redis").Max("swiper_canary_age_seconds"), all.Where("path", "hosts").Max("swiper_canary_age_seconds"),
            all.Min("swiper_disk_free_bytes")));

    private static OpReading OpOf(string op, Metrics own) =>
        new(op, own.Rate(Requested), ErrorsOf(own), own.Quantile(Duration, 0.5), own.Quantile(Duration, 0.99));

    private static ShardReading ShardOf(string shard, Metrics own) => new(
        shard, IsSet(own.Min("swiper_shard_up")), IsSet(own.Max("swiper_shard_breaker_open")), own.Sum("swiper_lane_depth"));

    // A host times a sample of its requests, of those that are frequent a smaller part.
    private static double? LatencyOf(Metrics all, double share)
    {
        var weights = all.Values(Duration + "_count", "op").ToDictionary(op => op, op =>
            all.Where("op", op).Rate(Duration + "_count") is { } timed and > 0 ? all.Where("op", op).Rate(Requested) / timed ?? 1 : 1);
        return all.Quantile(Duration, share, sample => weights.GetValueOrDefault(sample.Labels.GetValueOrDefault("op", ""), 1));
    }

    // A host that has had no error has no series of one, and that is none, not unknown.
    private static double? ErrorsOf(Metrics own) =>
        own.WhereNot("code", "0").Rate(Requested) ?? (own.Rate(Requested) is null ? null : 0);

    private static double? CollectionsOf(Metrics all, string generation) =>
        all.Where("gc_heap_generation", generation).Rate("dotnet_gc_collections_total");

    private static bool? IsSet(double? gauge) => gauge is null ? null : gauge > 0;
}

/// <summary>Answered, of them those with another code than 0, and those that a quota refused.</summary>
internal sealed record RequestsReading(
    double? Rate, double? ErrorsRate, double? ThrottledRate, double? InFlight, double? P50Seconds, double? P99Seconds);

/// <inheritdoc cref="RequestsReading"/>
internal sealed record OpReading(string Op, double? Rate, double? ErrorsRate, double? P50Seconds, double? P99Seconds);

/// <summary>Replies with a code that is not 0.</summary>
internal sealed record ErrorReading(string Code, double? Rate);

/// <summary>From those that are paused the host does not read for now.</summary>
internal sealed record ConnectionsReading(
    double? Open, double? Sessions, double? AcceptedRate, double? RefusedRate, double? TlsFailedRate, double? Paused,
    double? BufferedBytes);

/// <summary>Over all connections.</summary>
internal sealed record TrafficReading(double? ReceivedBytesRate, double? SentBytesRate, double? PushesRate);

/// <summary>
/// One core's whole time is 1. Shares are 0 to 1: of the loops' time, in which they are at work, and of the time in which all threads
/// stand still for the garbage collector. The heap is what it was after the last collection.
/// </summary>
internal sealed record ProcessReading(
    double? CpuCores, double? LoopsBusyShare, double? MemoryBytes, double? HeapBytes, double? AllocatedBytesRate, double? Gen0Rate,
    double? Gen1Rate, double? Gen2Rate, double? GcPauseShare);

/// <summary>Operations that wait, and commits: how many operations each has on average, and how long they take.</summary>
internal sealed record LanesReading(
    double? Depth, double? CommitsRate, double? BatchSize, double? CommitP50Seconds, double? CommitP99Seconds);

/// <summary>Up means for all hosts, and a breaker is open that is so at any of them.</summary>
internal sealed record ShardReading(string Shard, bool? Up, bool? BreakerOpen, double? Depth);

/// <summary>Seconds are those of the host that is furthest behind, rebuilds those since the hosts were started.</summary>
internal sealed record IndexReading(double? LagSwipes, double? LagSeconds, double? UntrustedGroups, double? Rebuilds, bool? RedisUp);

/// <summary>What was written to be done after its transaction.</summary>
internal sealed record FollowUpsReading(double? Pending, double? OldestSeconds, double? FailedRate);

/// <summary>Whether all hosts are ready, and why any of them is not; the oldest canaries, the fullest disk.</summary>
internal sealed record HealthReading(
    bool? Ready, IReadOnlyList<string> Reasons, double? CanaryRedisSeconds, double? CanaryHostsSeconds, double? DiskFreeBytes);
