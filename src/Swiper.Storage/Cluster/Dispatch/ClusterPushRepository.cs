using Dapper;
using Swiper.Core.Dispatch;

namespace Swiper.Storage.Cluster.Dispatch;

/// <summary>Stored pushes of the cluster.</summary>
internal sealed class ClusterPushRepository(ClusterEngine engine) : IPushRepository
{
    public ValueTask<long> ReadLastSeqAsync(long uid) => engine.ShardOf(uid).ReadAsync(
        uid, static (connection, uid) => connection.ExecuteScalarAsync<long>("SELECT seq FROM push_seqs WHERE uid = @uid", new { uid }));

    public ValueTask<IReadOnlyList<StoredPush>> ReadAfterAsync(long uid, long seq) => engine.ReadPushesAsync(uid, seq);
}
