using System.Diagnostics;
using Swiper.Storage.Cluster.Nodes;
using Swiper.Storage.MySql;

namespace Swiper.Storage.Cluster.Social;

/// <summary>
/// Finds batches in a shard's journal that nobody settles: those that this host's lane committed without hearing of it, or in a former
/// life, and those of hosts that are gone. Each row names the host that settles it, and whoever takes one up puts its own name there first: a
/// host that only seemed to be gone can't close the row any more, and so never answers what another may come to see differently.
/// </summary>
internal sealed class Journal(ClusterShard shard) : IDisposable
{
    private const int RowsAQuery = 1000;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly ManualResetEventSlim _stopping = new();
    private readonly Dictionary<Guid, long> _missing = []; // hosts with rows and without a number, by when that was first seen
    private Thread? _thread;

    private byte[] Me => shard.Engine.Node.Owner;

    /// <summary>Looks every second from now on.</summary>
    public void Start()
    {
        _thread = new Thread(Keep) { Name = $"journal {shard.Number}", IsBackground = true };
        _thread.Start();
    }

    /// <summary>
    /// Takes up what is left of a lane that is now this host's, whoever was at it: by the lane's thread, before it commits anything new,
    /// because the index hears of a lane's batches in their order.
    /// </summary>
    public void RecoverLane(ShardConnection connection, int node)
    {
        connection.Execute("UPDATE journal SET owner = @p0 WHERE node = @p1 AND owner <> @p2", Me, node, Me);
        TakeUp(connection, "node = @p0", node, static (_, _) => true);
    }

    public void Dispose()
    {
        _stopping.Set();
        _thread?.Join();
        _stopping.Dispose();
    }

    private void TakeUp(ShardConnection connection, string condition, object which, Func<long, int, bool> isWanted)
    {
        // All of it first: a read that breaks off in the middle must leave nothing half taken up.
        var read = new List<(long Batch, bool Answered, byte[] Swipes)>();
        var last = -1L;
        int rows;
        do
        {
            rows = 0;
            connection.Query(
                $"SELECT batch, node, answered, swipes FROM journal WHERE {condition} AND batch > @p1 ORDER BY batch LIMIT {RowsAQuery}",
                [which, last],
                row =>
                {
                    rows++;
                    last = row.GetInt64(0);
                    if (isWanted(last, row.GetInt32(1)))
                        read.Add((last, row.GetInt32(2) != 0, (byte[])row.GetValue(3)));
                });
        }
        while (rows == RowsAQuery);

        var found = new List<SwipeBatch>();
        foreach (var (batch, answered, swipes) in read)
        {
            if (shard.OpenBatches.TryAdd(batch) && TryRead(batch, answered, swipes) is { } readable)
                found.Add(readable);
        }
        foreach (var batch in found)
            batch.EnqueueToIndex();
        foreach (var batch in found)
            _ = batch.SettleAsync();
        if (found.Count > 0)
            SocialLog.Recovered(shard.Engine.Logger, found.Count, shard.Number);
    }

    private SwipeBatch? TryRead(long id, bool answered, byte[] row)
    {
        try
        {
            return Read(id, answered, row);
        }
        catch (InvalidDataException unreadable)
        {
            // It stays, open and told of once, for whoever can read it; the others must not wait for that.
            SocialLog.Unreadable(shard.Engine.Logger, id, shard.Number, unreadable);
            return null;
        }
    }

    private SwipeBatch Read(long id, bool answered, byte[] row)
    {
        var (swipes, settled) = JournalRow.Unpack(row);
        var batch = new SwipeBatch(shard, id, swipes, WaitingSwipes.Nobody);
        for (var i = 0; i < swipes.Length; i++)
        {
            if (answered || settled[i])
                batch.MarkSettled(i);
        }
        return batch;
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
                // The shard, or the first one, is down: the next look finds it. Nor could anybody renew a number meanwhile.
                _missing.Clear();
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
        var others = new HashSet<Guid>();
        shard.Server.Run(connection, () => LookAtOwn(connection, others));
        if (others.Count == 0)
        {
            _missing.Clear();
            return;
        }
        HashSet<Guid> living = [];
        shard.Engine.Shards[0].Server.Run(first, () => living = NodeLease.ReadOwners(first));
        foreach (var gone in FindGone(others, living))
            shard.Server.Run(connection, () => connection.Execute("UPDATE journal SET owner = @p0 WHERE owner = @p1", Me, gone.ToByteArray()));
    }

    // Where the first shard was down, hosts that live have to renew their numbers first.
    private List<Guid> FindGone(HashSet<Guid> others, HashSet<Guid> living)
    {
        others.ExceptWith(living);
        foreach (var back in _missing.Keys.Where(owner => !others.Contains(owner)).ToList())
            _missing.Remove(back);
        var now = Stopwatch.GetTimestamp();
        foreach (var owner in others)
            _missing.TryAdd(owner, now);
        return [.. others.Where(owner => Stopwatch.GetElapsedTime(_missing[owner], now) > shard.Engine.Node.Length)];
    }

    // What is this host's and not open was taken from one that is gone, or committed without the lane's hearing of it.
    private void LookAtOwn(ShardConnection connection, HashSet<Guid> others)
    {
        others.Clear();
        connection.Query("SELECT DISTINCT owner FROM journal", [], row => others.Add(new Guid((byte[])row.GetValue(0))));
        if (!others.Remove(new Guid(Me)))
            return;
        var own = shard.Engine.Node.Claim.Node;
        TakeUp(connection, "owner = @p0", Me, (batch, node) =>
        {
            if (node == own && !shard.OpenBatches.Contains(batch))
                shard.Lane.Enqueue(TakeLaneOperation.Rent());
            return node != own;
        });
    }
}
