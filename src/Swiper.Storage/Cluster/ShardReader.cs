using Swiper.Storage.Cluster.Accounts;
using Swiper.Storage.Cluster.Social;
using Swiper.Storage.MySql;

namespace Swiper.Storage.Cluster;

/// <summary>One of a shard's readers: point reads that wait at the same time become one statement.</summary>
internal sealed class ShardReader(ClusterShard shard) : MySqlLaneReader(shard.Server)
{
    /// <summary>Reads of who likes whom.</summary>
    public LikesBack LikesBack { get; } = new();

    /// <summary>Profiles by uid.</summary>
    public ProfileRows Profiles { get; } = new();

    protected internal override async ValueTask FlushAsync()
    {
        await LikesBack.ExecuteAsync(Connection).ConfigureAwait(false);
        await Profiles.ExecuteAsync(Connection).ConfigureAwait(false);
    }

    protected internal override void Forget()
    {
        LikesBack.Clear();
        Profiles.Clear();
    }
}
