using System.Collections;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Cluster;

/// <summary>All shards of the cluster, in the order of their numbers, and which of them keeps what.</summary>
internal sealed class ClusterShards(IReadOnlyList<ClusterShard> shards) : IReadOnlyList<ClusterShard>
{
    private readonly ShardMap _map = new(shards.Count);

    public int Count => shards.Count;

    public ClusterShard this[int number] => shards[number];

    public ClusterShard Of(long uid) => shards[_map.ShardOf(uid)];

    public ClusterShard Of(string phone) => shards[_map.ShardOfPhone(phone)];

    public IEnumerator<ClusterShard> GetEnumerator() => shards.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
