using Swiper.Core.Protocol;
using Swiper.Storage.MySql;
using Swiper.Storage.Redis;
using Swiper.Storage.Redis.Repair;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Cluster.Repair;

/// <summary>
/// Compares users in the index with the truth, exactly and while both change: one script reads a user's keys together with the last
/// applied batch of each lane; then the truth is read, counting only rows of those batches and earlier ones.
/// </summary>
internal sealed class DriftCheck(IReadOnlyList<ShardServer> servers, SwipeIndex index, TimeProvider clock) : IDisposable
{
    private readonly ShardConnection[] _connections = [.. servers.Select(server => server.Connect(TimeSpan.FromMinutes(1)))];
    private readonly IndexRepair _repair = new(index);

    /// <summary>
    /// The user's differences, empty if the index agrees; null if the user's group is untrusted and about to be rebuilt.
    /// </summary>
    public async Task<IReadOnlyList<Drift>?> CompareAsync(long uid, int shard)
    {
        var now = clock.NowMs();
        var indexed = await _repair.ReadAsync(uid, now).ConfigureAwait(false);
        if (!indexed.Trusted)
            return null;
        var applied = indexed.Applied.ToDictionary(mark => (mark.Node, mark.Shard), mark => mark.Batch);
        var truth = new SwipesReading(_connections, now)
            .Read([uid], shard, (ofShard, batch) => batch <= applied.GetValueOrDefault((BatchIds.NodeOf(batch), ofShard), -1))
            .Single();
        return [.. Drift.Between(truth, indexed)];
    }

    public void Dispose()
    {
        foreach (var connection in _connections)
            connection.Dispose();
    }
}
