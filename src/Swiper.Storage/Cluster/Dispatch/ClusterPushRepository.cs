using Swiper.Core.Dispatch;

namespace Swiper.Storage.Cluster.Dispatch;

/// <summary>Stored pushes of the cluster.</summary>
internal sealed class ClusterPushRepository(ClusterEngine engine) : IPushRepository
{
    public ValueTask<IReadOnlyList<StoredPush>> ReadAfterAsync(long uid, long seq) => engine.ReadPushesAsync(uid, seq);
}
