using Swiper.Storage.Cluster.Events;

namespace Swiper.Storage.Cluster;

/// <summary>
/// What is wrong with a host of a cluster. What befalls all hosts alike leaves them ready: taking all of them from clients would help
/// nobody. A host that alone does not reach a shard, or reaches nothing at all, is not.
/// </summary>
/// <remarks>It reads memory only. Called by one thread at a time.</remarks>
internal sealed class ClusterHealth(ClusterEngine engine)
{
    /// <summary>Swipes that the index may lack: a second's at the highest rates.</summary>
    public const long MostPending = 10_000;

    private static readonly TimeSpan ShardPatience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan RefusalLasts = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan IndexPatience = TimeSpan.FromSeconds(5);

    // A rebuild of a small index takes seconds; reads meanwhile go to the shards.
    private static readonly TimeSpan TrustPatience = TimeSpan.FromSeconds(30);

    // Hosts notice the same outage at different times.
    private static readonly TimeSpan AlonePatience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan FollowUpPatience = TimeSpan.FromMinutes(1);

    private readonly Dictionary<int, long> _aloneSince = [];
    private long? _untrustedSince;

    public IEnumerable<HealthReason> Find() => [.. FindShards(), .. FindRedis(), .. FindIndex(), .. FindHosts(), .. FindRest()];

    private IEnumerable<HealthReason> FindShards()
    {
        bool[] isReached = [.. engine.Shards.Select(shard => shard.Server.IsAvailable && engine.Events.SilenceOf(shard) <= ShardPatience)];
        engine.Canary.Tell(isReached);
        var isCutOff = !isReached.Contains(true) && engine.Canary.OwnAge > Canary.Patience;
        foreach (var shard in engine.Shards)
        {
            var isAlone = IsAlone(shard.Number, isReached[shard.Number]);
            if (!isReached[shard.Number])
            {
                var others = isCutOff ? ", nor does anything else" : isAlone ? ", though it answers other hosts" : "";
                yield return new HealthReason(HealthReasonKind.Shard, $"{shard.Number}",
                    $"shard {shard.Number} ({shard.Server.Name}) does not answer{others}", isAlone || isCutOff);
            }
            else if (shard.RefusedWithin(RefusalLasts))
            {
                yield return new HealthReason(HealthReasonKind.Shard, $"{shard.Number}",
                    $"shard {shard.Number} ({shard.Server.Name}) answers and rejects requests; event 3008 says why");
            }
        }
    }

    private bool IsAlone(int shard, bool isReached)
    {
        if (isReached || !engine.Canary.IsReachedByAnother(shard))
        {
            _aloneSince.Remove(shard);
            return false;
        }

        _aloneSince.TryAdd(shard, engine.Clock.GetTimestamp());
        return engine.Clock.GetElapsedTime(_aloneSince[shard]) > AlonePatience;
    }

    private IEnumerable<HealthReason> FindRedis() => engine.Index.Silent
        .Select(node => new HealthReason(HealthReasonKind.Redis, node, $"Redis {node} does not answer; boards return 1004"));

    private IEnumerable<HealthReason> FindIndex()
    {
        if (engine.Index.Pending > MostPending || engine.Index.PendingFor > IndexPatience)
            yield return new HealthReason(HealthReasonKind.Index, "behind", $"the index lacks {engine.Index.Pending} swipes of this host");
        if (engine.Keeper.Untrusted == 0)
        {
            _untrustedSince = null;
            yield break;
        }

        _untrustedSince ??= engine.Clock.GetTimestamp();
        if (engine.Clock.GetElapsedTime(_untrustedSince.Value) > TrustPatience)
        {
            yield return new HealthReason(HealthReasonKind.Index, "untrusted",
                $"{engine.Keeper.Untrusted} of 64 index groups wait to be rebuilt; event 3120 or 3121 says how that goes");
        }
    }

    private IEnumerable<HealthReason> FindHosts()
    {
        if (engine.Canary.OwnAge > Canary.Patience)
        {
            yield return new HealthReason(HealthReasonKind.Canary, "",
                "what this host says through Redis does not come back; pushes of other hosts take a second");
            // Nobody would be heard.
            yield break;
        }

        foreach (var (node, age) in engine.Canary.Others)
        {
            if (age > Canary.Patience)
                yield return new HealthReason(HealthReasonKind.Hosts, $"{node}", $"host {node} lives, and is not heard through Redis");
        }
    }

    private IEnumerable<HealthReason> FindRest()
    {
        // It is renewed three times in its length.
        if (engine.Node.RenewedAgo > engine.Node.Length * (2 / 3.0))
        {
            yield return new HealthReason(HealthReasonKind.Node, "",
                $"node number {engine.Node.Claim.Node} can't be renewed; another host may take it");
        }

        if (engine.Records.FollowUps.Oldest > FollowUpPatience)
        {
            yield return new HealthReason(HealthReasonKind.FollowUps, "",
                $"{engine.Records.FollowUps.Pending} follow-ups wait, the oldest for more than a minute");
        }
    }
}
