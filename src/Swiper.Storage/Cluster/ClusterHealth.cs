using Swiper.Storage.Cluster.Events;

namespace Swiper.Storage.Cluster;

/// <summary>
/// What is wrong with a host of a cluster. What befalls all hosts alike leaves them ready: taking all of them from clients would help
/// nobody. A host that alone does not reach a shard or Redis, or reaches nothing at all, is not.
/// </summary>
/// <remarks>Called by one thread at a time.</remarks>
internal sealed class ClusterHealth(IClusterSigns signs, TimeProvider clock)
{
    /// <summary>Swipes that the index may lack: a second's at the highest rates.</summary>
    public const long MostPending = 10_000;

    // Among the numbers of shards.
    private const int Redis = -1;

    private static readonly TimeSpan ShardPatience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan IndexPatience = TimeSpan.FromSeconds(5);

    // A rebuild of a small index takes seconds; reads meanwhile go to the shards.
    private static readonly TimeSpan TrustPatience = TimeSpan.FromSeconds(30);

    // Hosts notice the same outage at different times.
    private static readonly TimeSpan AlonePatience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan FollowUpPatience = TimeSpan.FromMinutes(1);

    private readonly Dictionary<int, long> _aloneSince = [];
    private long? _untrustedSince;

    public IEnumerable<HealthReason> Find()
    {
        var shards = signs.Shards;
        var silentRedis = signs.SilentRedis;
        bool[] isReached = [.. shards.Select(shard => shard.IsAvailable && shard.Silence <= ShardPatience)];
        var isDeaf = signs.CanaryAge > Canary.Patience;
        var isRedisReached = !isDeaf && silentRedis.Count == 0;
        signs.Tell(isReached, isRedisReached);
        var isAlone = IsAlone(Redis, isRedisReached, signs.IsRedisReachedByAnother);
        return
        [
            .. FindShards(shards, isReached, isDeaf), .. FindRedis(silentRedis, isAlone), .. FindIndex(), .. FindHosts(isDeaf, isAlone),
            .. FindRest(),
        ];
    }

    private IEnumerable<HealthReason> FindShards(IReadOnlyList<ShardSigns> shards, bool[] isReached, bool isDeaf)
    {
        var isCutOff = !isReached.Contains(true) && isDeaf;
        foreach (var shard in shards)
        {
            var isAlone = IsAlone(shard.Number, isReached[shard.Number], signs.IsShardReachedByAnother(shard.Number));
            if (!isReached[shard.Number])
            {
                var others = isCutOff ? ", nor does anything else" : isAlone ? ", though it answers other hosts" : "";
                yield return new HealthReason(HealthReasonKind.Shard, $"{shard.Number}",
                    $"shard {shard.Number} ({shard.Server}) does not answer{others}", isAlone || isCutOff);
            }
            else if (shard.HasRefused)
            {
                yield return new HealthReason(HealthReasonKind.Shard, $"{shard.Number}",
                    $"shard {shard.Number} ({shard.Server}) answers and rejects requests; event 3008 says why");
            }
        }
    }

    private bool IsAlone(int what, bool isReached, bool isReachedByAnother)
    {
        if (isReached || !isReachedByAnother)
        {
            _aloneSince.Remove(what);
            return false;
        }

        _aloneSince.TryAdd(what, clock.GetTimestamp());
        return clock.GetElapsedTime(_aloneSince[what]) > AlonePatience;
    }

    private static IEnumerable<HealthReason> FindRedis(IReadOnlyList<string> silent, bool isAlone) => silent.Select(node =>
        new HealthReason(HealthReasonKind.Redis, node,
            $"Redis {node} does not answer{(isAlone ? ", though it answers other hosts" : "")}; boards return 1004", isAlone));

    private IEnumerable<HealthReason> FindIndex()
    {
        var index = signs.Index;
        if (index.Pending > MostPending || index.PendingFor > IndexPatience)
            yield return new HealthReason(HealthReasonKind.Index, "behind", $"the index lacks {index.Pending} swipes of this host");
        if (index.Untrusted == 0)
        {
            _untrustedSince = null;
            yield break;
        }

        _untrustedSince ??= clock.GetTimestamp();
        if (clock.GetElapsedTime(_untrustedSince.Value) > TrustPatience)
        {
            yield return new HealthReason(HealthReasonKind.Index, "untrusted",
                $"{index.Untrusted} of 64 index groups wait to be rebuilt; event 3120 or 3121 says how that goes");
        }
    }

    private IEnumerable<HealthReason> FindHosts(bool isDeaf, bool isAlone)
    {
        if (isDeaf)
        {
            var others = isAlone ? ", though that of other hosts does" : "";
            yield return new HealthReason(HealthReasonKind.Canary, "",
                $"what this host says through Redis does not come back{others}; pushes of other hosts take a second", isAlone);
            // Nobody would be heard.
            yield break;
        }

        foreach (var (node, age) in signs.OtherHosts)
        {
            if (age > Canary.Patience)
                yield return new HealthReason(HealthReasonKind.Hosts, $"{node}", $"host {node} lives, and is not heard through Redis");
        }
    }

    private IEnumerable<HealthReason> FindRest()
    {
        // It is renewed three times in its length.
        var node = signs.Node;
        if (node.RenewedAgo > node.Lease * (2 / 3.0))
        {
            yield return new HealthReason(HealthReasonKind.Node, "",
                $"node number {node.Number} can't be renewed; another host may take it");
        }

        var followUps = signs.FollowUps;
        if (followUps.Oldest > FollowUpPatience)
        {
            yield return new HealthReason(HealthReasonKind.FollowUps, "",
                $"{followUps.Pending} follow-ups wait, the oldest for more than a minute");
        }
    }
}
