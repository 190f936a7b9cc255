using Swiper.Storage.MySql;
using Swiper.Storage.Redis.Repair;

namespace Swiper.Storage.Cluster.Repair;

/// <summary>
/// A consistent snapshot of each shard, with the last batch of each lane in it: whatever a lane commits later has a greater id. Each is
/// held by a transaction on a dedicated connection until disposed.
/// </summary>
internal sealed class TruthSnapshot : IDisposable
{
    private static readonly TimeSpan LongestQuery = TimeSpan.FromMinutes(1);

    private readonly List<LaneMark> _marks = [];

    private TruthSnapshot(IReadOnlyList<ShardServer> servers) =>
        Connections = [.. servers.Select(server => server.Connect(LongestQuery))];

    /// <summary>One per shard, inside the snapshot's transaction.</summary>
    public ShardConnection[] Connections { get; }

    /// <summary>The last batch of each lane.</summary>
    public IReadOnlyList<LaneMark> Marks => _marks;

    public static TruthSnapshot Take(IReadOnlyList<ShardServer> servers)
    {
        var snapshot = new TruthSnapshot(servers);
        try
        {
            for (var shard = 0; shard < servers.Count; shard++)
                snapshot.Begin(shard);
            return snapshot;
        }
        catch
        {
            snapshot.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var connection in Connections)
            connection.Dispose();
    }

    private void Begin(int shard)
    {
        var connection = Connections[shard];
        connection.BeginSnapshot();
        // Each batch of a lane updates the lane's row in the same transaction.
        connection.Query("SELECT node, last_batch FROM lanes", [], row =>
            _marks.Add(new LaneMark(row.GetInt32(0), shard, row.GetInt64(1))));
    }
}
