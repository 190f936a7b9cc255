using Swiper.Core.Dispatch;

namespace Swiper.Storage.Cluster.Dispatch;

/// <summary>Stored pushes of the cluster.</summary>
internal sealed class ClusterPushRepository(ClusterEngine engine) : IPushRepository
{
    public ValueTask<long> ReadLastSeqAsync(long uid) => engine.ShardOf(uid).ReadAsync(uid, LivePushes.ReadLastSeqAsync);

    public ValueTask<KeptPushes> ReadAfterAsync(long uid, long seq) => engine.Pushes.ReadAfterAsync(uid, seq);
}
