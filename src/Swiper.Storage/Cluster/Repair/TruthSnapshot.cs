using Swiper.Storage.MySql;
using Swiper.Storage.Redis.Repair;

namespace Swiper.Storage.Cluster.Repair;

/// <summary>
/// The truth of one moment a shard, with the last batch of each lane at that moment: whatever a lane commits later has a greater id. Held
/// by a transaction on each shard, on connections of its own, until it is disposed.
/// </summary>
internal sealed class TruthSnapshot : IDisposable
{
    private static readonly TimeSpan LongestQuery = TimeSpan.FromMinutes(1);

    private readonly List<LaneMark> _marks = [];

    private TruthSnapshot(IReadOnlyList<ShardServer> servers) =>
        Connections = [.. servers.Select(server => server.Connect(LongestQuery))];

    /// <summary>One a shard, inside the snapshot's transaction.</summary>
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
        // A lane's row changes with each of its batches, in the same transaction.
        connection.Query("SELECT node, last_batch FROM lanes", [], row =>
            _marks.Add(new LaneMark(row.GetInt32(0), shard, row.GetInt64(1))));
    }
}
