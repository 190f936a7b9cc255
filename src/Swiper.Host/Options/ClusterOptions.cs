namespace Swiper.Host.Options;

/// <summary>The servers of the cluster engine; the same on every host, in the same order.</summary>
public sealed record ClusterOptions
{
    /// <summary>
    /// A connection string a shard, such as Server=10.0.0.1;Port=3306;User ID=swiper;Password=...;Database=swiper. Secrets, so best
    /// from the environment.
    /// </summary>
    public IReadOnlyList<string> Shards { get; init; } = [];

    /// <summary>
    /// host:port of the Redis, or of some nodes of the Redis Cluster, separated by commas; ,password=... and ,ssl=true where they are
    /// needed.
    /// </summary>
    public string Redis { get; init; } = "";

    /// <summary>The timeout of a call to a shard, which then counts as down until it answers again.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>The timeout of a call to Redis, which then counts as down until it answers again.</summary>
    public TimeSpan RedisDeadline { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long a host that can't renew its node number keeps it. After that, others take over what a killed host left unfinished.
    /// </summary>
    public TimeSpan NodeLease { get; init; } = TimeSpan.FromSeconds(6);

    internal IEnumerable<string> Problems(StorageEngine engine)
    {
        if (Deadline < TimeSpan.FromSeconds(2) || Deadline > TimeSpan.FromMinutes(1))
            yield return $"Cluster:Deadline: {Deadline} is not between two seconds and one minute";
        if (RedisDeadline < TimeSpan.FromMilliseconds(100) || RedisDeadline > TimeSpan.FromMinutes(1))
            yield return $"Cluster:RedisDeadline: {RedisDeadline} is not between 100 milliseconds and one minute";
        if (NodeLease < TimeSpan.FromSeconds(3) || NodeLease > TimeSpan.FromMinutes(10))
            yield return $"Cluster:NodeLease: {NodeLease} is not between three seconds and ten minutes";
        if (engine != StorageEngine.Cluster)
            yield break;
        if (Shards.Count is < 1 or > 1024)
            yield return "Cluster:Shards: Storage:Engine=cluster needs connection strings in Cluster:Shards:0, Cluster:Shards:1, ...";
        if (Shards.Any(string.IsNullOrWhiteSpace))
            yield return "Cluster:Shards: one of the connection strings is empty";
        if (string.IsNullOrWhiteSpace(Redis))
            yield return "Cluster:Redis: Storage:Engine=cluster needs the host:port of Redis";
    }
}
