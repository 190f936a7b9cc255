using Swiper.Storage.Cluster.Nodes;
using Swiper.Storage.MySql;

namespace Swiper.Storage.Cluster.Social;

/// <summary>
/// Finds batches in a shard's journal that nobody settles: those that this host's lane committed without hearing of it, or in a former
/// life, and those of hosts that are gone.
/// </summary>
internal sealed class Journal(ClusterShard shard) : IDisposable
{
    private const int RowsAQuery = 1000;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly ManualResetEventSlim _stopping = new();
    private Thread? _thread;

    /// <summary>Looks every second from now on.</summary>
    public void Start()
    {
        _thread = new Thread(Keep) { Name = $"journal {shard.Number}", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Takes up what is left of a node's lane, in its order. For the own node this is the lane's to do, before it commits anything new.</summary>
    public void Recover(ShardConnection connection, int node)
    {
        var found = new List<SwipeBatch>();
        var last = -1L;
        int rows;
        do
        {
            rows = 0;
            connection.Query(
                $"SELECT batch, answered, swipes FROM journal WHERE node = @p0 AND batch > @p1 ORDER BY batch LIMIT {RowsAQuery}",
                [node, last],
                row =>
                {
                    rows++;
                    last = row.GetInt64(0);
                    Take(found, node, last, row.GetInt32(1) != 0, (byte[])row.GetValue(2));
                });
        }
        while (rows == RowsAQuery);
        foreach (var batch in found)
            batch.EnqueueToIndex();
        foreach (var batch in found)
            _ = batch.SettleAsync();
        if (found.Count > 0)
            SocialLog.Recovered(shard.Engine.Logger, found.Count, shard.Number, node);
    }

    public void Dispose()
    {
        _stopping.Set();
        _thread?.Join();
        _stopping.Dispose();
    }

    private void Take(List<SwipeBatch> found, int node, long id, bool answered, byte[] row)
    {
        if (!shard.OpenBatches.TryAdd(id))
            return;
        var (swipes, settled) = JournalRow.Unpack(row);
        var batch = new SwipeBatch(shard, node, id, swipes, [], []);
        for (var i = 0; i < swipes.Length; i++)
        {
            if (answered || settled[i])
                batch.MarkSettled(i);
        }
        found.Add(batch);
    }

    private void Keep()
    {
        using var connection = shard.Server.Connect();
        using var first = shard.Engine.Shards[0].Server.Connect();
        while (!_stopping.Wait(Interval))
        {
            try
            {
                Look(connection, first);
            }
            catch (Exception exception) when (TransientErrors.KindOf(exception) != ShardFailure.None)
            {
                // The shard, or the first one, is down: the next look finds it.
            }
            catch (Exception exception)
            {
                shard.Engine.Faulted(shard.Number, exception);
            }
        }
    }

    // Each server is asked in a call of its own: that the first shard is down must not count as a failure of this one.
    private void Look(ShardConnection connection, ShardConnection first)
    {
        var others = new HashSet<int>();
        shard.Server.Run(connection, () => LookAtOwn(connection, others));
        if (others.Count == 0)
            return;
        HashSet<int> held = [];
        shard.Engine.Shards[0].Server.Run(first, () => held = NodeLease.ReadHeld(first));
        foreach (var gone in others.Where(node => !held.Contains(node)))
            shard.Server.Run(connection, () => Recover(connection, gone));
    }

    private void LookAtOwn(ShardConnection connection, HashSet<int> others)
    {
        others.Clear();
        connection.Query("SELECT DISTINCT node FROM journal", [], row => others.Add(row.GetInt32(0)));
        var own = shard.Engine.Node.Claim.Node;
        if (others.Remove(own) && HasOrphan(connection, own))
            shard.Lane.Enqueue(TakeLaneOperation.Rent());
    }

    private bool HasOrphan(ShardConnection connection, int node)
    {
        var batches = new List<long>();
        connection.Query("SELECT batch FROM journal WHERE node = @p0", [node], row => batches.Add(row.GetInt64(0)));
        return batches.Exists(batch => !shard.OpenBatches.Contains(batch));
    }
}
