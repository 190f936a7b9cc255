using Swiper.Core.Accounts;

namespace Swiper.Storage.Cluster;

/// <summary>How the cluster engine is set up. Every host of a cluster is given the same servers in the same order.</summary>
/// <param name="Shards">A connection string a shard, with its password; at most 1,024.</param>
/// <param name="Redis">host:port of the Redis, or of some nodes of the Redis Cluster, separated by commas.</param>
/// <param name="Deadline">How long a call to a store may take.</param>
/// <param name="NodeLease">How long a host that can't renew its number still has it.</param>
/// <param name="CachedProfiles">Profiles kept in memory.</param>
/// <param name="CodeRules">The rules of login codes.</param>
public sealed record ClusterOptions(
    IReadOnlyList<string> Shards, string Redis, TimeSpan Deadline, TimeSpan NodeLease, int CachedProfiles, CodeRules CodeRules)
{
    /// <summary>A client of Redis that has brought no answer for so long is replaced.</summary>
    public TimeSpan ReplaceRedisClientAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>What another host has answered and not brought into the index for so long, this one brings there.</summary>
    public TimeSpan TakeAnsweredAfter { get; init; } = TimeSpan.FromSeconds(5);
}
