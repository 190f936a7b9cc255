using Swiper.Storage.Cluster.Events;

namespace Swiper.Storage.Cluster;

/// <summary>What a host sees of its cluster now. All of it is in memory.</summary>
internal interface IClusterSigns
{
    /// <summary>In the order of their numbers.</summary>
    IReadOnlyList<ShardSigns> Shards { get; }

    /// <summary>The Redis servers that do not answer.</summary>
    IReadOnlyList<string> SilentRedis { get; }

    /// <summary>How long ago this host's own heartbeat last came back through Redis.</summary>
    TimeSpan CanaryAge { get; }

    /// <summary>The node numbers of the other hosts that live, with the ages of their last heartbeats.</summary>
    IReadOnlyList<(int Node, TimeSpan Age)> OtherHosts { get; }

    /// <summary>Whether all of Redis answers another host, which hears itself through it.</summary>
    bool IsRedisReachedByAnother { get; }

    IndexSigns Index { get; }

    NodeSigns Node { get; }

    FollowUpSigns FollowUps { get; }

    /// <summary>Whether another host, which is heard, reaches the shard.</summary>
    bool IsShardReachedByAnother(int shard);

    /// <summary>Tells the other hosts what this one reaches.</summary>
    /// <param name="shards">Of each shard.</param>
    /// <param name="redis">Of Redis, all of it.</param>
    void Tell(IReadOnlyList<bool> shards, bool redis);
}

/// <param name="Number">The shard's number.</param>
/// <param name="Server">Where it is, for messages.</param>
/// <param name="IsAvailable">Whether its breaker is closed.</param>
/// <param name="Silence">How long ago it last told its events; it is asked once a second.</param>
/// <param name="HasRefused">Whether it has rejected a request lately.</param>
internal readonly record struct ShardSigns(int Number, string Server, bool IsAvailable, TimeSpan Silence, bool HasRefused);

/// <param name="Pending">Swipes of this host that the index lacks.</param>
/// <param name="PendingFor">How long the oldest of them has waited.</param>
/// <param name="Untrusted">Groups that wait to be rebuilt.</param>
internal readonly record struct IndexSigns(long Pending, TimeSpan PendingFor, int Untrusted);

/// <param name="Number">This host's node number.</param>
/// <param name="RenewedAgo">When it was renewed.</param>
/// <param name="Lease">How long it is kept without.</param>
internal readonly record struct NodeSigns(int Number, TimeSpan RenewedAgo, TimeSpan Lease);

/// <param name="Pending">How many follow-ups wait.</param>
/// <param name="Oldest">How long the oldest has.</param>
internal readonly record struct FollowUpSigns(long Pending, TimeSpan Oldest);

/// <summary>Those of a host's engine.</summary>
internal sealed class ClusterSigns(ClusterEngine engine) : IClusterSigns
{
    private static readonly TimeSpan RefusalLasts = TimeSpan.FromSeconds(10);

    private Canary Canary => engine.Canary;

    public IReadOnlyList<ShardSigns> Shards =>
    [
        .. engine.Shards.Select(shard => new ShardSigns(
            shard.Number, shard.Server.Name, shard.Server.IsAvailable, engine.Events.SilenceOf(shard), shard.RefusedWithin(RefusalLasts))),
    ];

    public IReadOnlyList<string> SilentRedis => [.. engine.Index.Silent];

    public TimeSpan CanaryAge => Canary.OwnAge;

    public IReadOnlyList<(int Node, TimeSpan Age)> OtherHosts => Canary.Others;

    public bool IsRedisReachedByAnother => Canary.IsRedisReachedByAnother;

    public IndexSigns Index => new(engine.Index.Pending, engine.Index.PendingFor, engine.Keeper.Untrusted);

    public NodeSigns Node => new(engine.Node.Claim.Node, engine.Node.RenewedAgo, engine.Node.Length);

    public FollowUpSigns FollowUps => new(engine.Records.FollowUps.Pending, engine.Records.FollowUps.Oldest);

    public bool IsShardReachedByAnother(int shard) => Canary.IsShardReachedByAnother(shard);

    public void Tell(IReadOnlyList<bool> shards, bool redis) => Canary.Tell(shards, redis);
}
