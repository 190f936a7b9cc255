using Swiper.Core.Accounts;

namespace Swiper.Storage.Cluster;

/// <summary>The options of the cluster engine. Every host of a cluster must list the same servers in the same order.</summary>
/// <param name="Shards">One connection string per shard, with its password; at most 1,024.</param>
/// <param name="Redis">host:port of the Redis, or of some nodes of the Redis Cluster, separated by commas.</param>
/// <param name="Deadline">How long a call to a shard may take.</param>
/// <param name="NodeLease">How long a host keeps a node number that it can't renew.</param>
/// <param name="CachedProfiles">Profiles kept in memory.</param>
/// <param name="CodeRules">The rules of login codes.</param>
public sealed record ClusterOptions(
    IReadOnlyList<string> Shards, string Redis, TimeSpan Deadline, TimeSpan NodeLease, int CachedProfiles, CodeRules CodeRules)
{
    /// <summary>
    /// How long a call to Redis may take. Shorter than that of a shard: reads that Redis doesn't answer soon go to the shards, and every
    /// reply waits for it until it counts as down.
    /// </summary>
    public TimeSpan RedisDeadline { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A Redis client that has received no answer for this long is replaced.</summary>
    public TimeSpan ReplaceRedisClientAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Batches that another host acknowledged but has not applied to the index for this long are applied by this host.</summary>
    public TimeSpan TakeAnsweredAfter { get; init; } = TimeSpan.FromSeconds(5);
}
