using Swiper.Storage.Cluster.Social;
using Swiper.Storage.MySql;

namespace Swiper.Storage.Cluster;

/// <summary>One of a shard's readers: point reads that wait at the same time become one statement.</summary>
internal sealed class ShardReader(ClusterShard shard) : MySqlLaneReader(shard.Server)
{
    /// <summary>Reads of who likes whom.</summary>
    public LikesBack LikesBack { get; } = new();

    protected internal override ValueTask FlushAsync() => LikesBack.ExecuteAsync(Connection);

    protected internal override void Forget() => LikesBack.Clear();
}
