using System.Diagnostics;
using Swiper.Storage.Cluster.Nodes;
using Swiper.Storage.MySql;
using Swiper.Storage.Redis;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Cluster.Social;

/// <summary>
/// Finds batches in a shard's journal that nobody settles: those that this host's lane committed without hearing of it, or in a former
/// life, and those of hosts that are gone. Each row names the host that settles it, and whoever takes one up puts its own name there
/// first: a host that only seemed to be gone can't close the row any more, and so never answers what another may come to see differently.
/// Of a host that lives it takes up what that one has answered and for some seconds not brought into the index, for whatever reason: the
/// others would trust an index that lacks it.
/// </summary>
internal sealed class Journal(ClusterShard shard) : IDisposable
{
    private const int RowsAQuery = 1000;
    private const int MostTakenAtOnce = 1000;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly ManualResetEventSlim _stopping = new();
    private readonly Dictionary<Guid, long> _missing = []; // hosts with rows and without a number, by when that was first seen
    private readonly Dictionary<Guid, Stuck> _stuck = []; // hosts that have answered what the index lacks
    private readonly Dictionary<int, long> _told = []; // the last batch of another host's lane that the index was told of from here
    private Thread? _thread;

    /// <summary>What a host that lives has answered, as it was first seen.</summary>
    /// <param name="First">The oldest of these batches.</param>
    /// <param name="Last">The newest.</param>
    /// <param name="Since">When that was.</param>
    /// <param name="IsTaken">This host has begun to take them.</param>
    private readonly record struct Stuck(long First, long Last, long Since, bool IsTaken = false);

    private readonly record struct Row(long Batch, bool Answered, byte[] Swipes);

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
        TakeUp(Read(connection, "node = @p0", node, static (_, _) => true), []);
    }

    public void Dispose()
    {
        _stopping.Set();
        _thread?.Join();
        _stopping.Dispose();
    }

    private List<Row> Read(ShardConnection connection, string condition, object which, Func<long, int, bool> isWanted)
    {
        var read = new List<Row>();
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
                    if (isWanted(last, row.GetInt32(1)) && !shard.OpenBatches.Contains(last))
                        read.Add(new Row(last, row.GetInt32(2) != 0, (byte[])row.GetValue(3)));
                });
        }
        while (rows == RowsAQuery);
        return read;
    }

    // All has been read by now: a read that breaks off in the middle must leave nothing half taken up.
    private void TakeUp(List<Row> own, List<IndexBatch> olderOfOthers)
    {
        var found = new List<SwipeBatch>();
        foreach (var row in own)
        {
            if (shard.OpenBatches.TryAdd(row.Batch) && TryRead(row.Batch, row.Answered, row.Swipes) is { } readable)
                found.Add(readable);
        }
        foreach (var batch in found)
            shard.OpenBatches.Add(batch);
        foreach (var batch in found.Select(batch => batch.ForIndex).Concat(olderOfOthers).OrderBy(batch => batch.Batch))
            shard.Engine.Index.Enqueue(batch);
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
        while (!_stopping.Wait(Interval) && !shard.Engine.Stopping.IsCancellationRequested)
        {
            try
            {
                Look(connection, first);
            }
            catch (Exception exception) when (TransientErrors.KindOf(exception) != ShardFailure.None)
            {
                // The shard, or the first one, is down: the next look finds it. Nor could anybody renew a number meanwhile.
                _missing.Clear();
                _stuck.Clear();
                shard.Refused(exception);
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
            _stuck.Clear();
            return;
        }
        HashSet<Guid> living = [];
        shard.Engine.Shards[0].Server.Run(first, () => living = NodeLease.ReadOwners(first));
        living.IntersectWith(others);
        shard.Server.Run(connection, () => TakeAnswered(connection, living));
        foreach (var gone in FindGone(others, living))
            shard.Server.Run(connection, () =>
                connection.Execute("UPDATE journal SET owner = @p0 WHERE owner = @p1", Me, gone.ToByteArray()));
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

    // Who gets on is left alone, however slowly: were all to do the work of all, nobody would.
    private void TakeAnswered(ShardConnection connection, HashSet<Guid> living)
    {
        if (!shard.Engine.Index.IsReachable)
        {
            _stuck.Clear();
            return;
        }
        foreach (var gone in _stuck.Keys.Except(living).ToList())
            _stuck.Remove(gone);
        foreach (var owner in living)
        {
            const string Answered = "SELECT batch FROM journal WHERE owner = @p0 AND answered = 1 ORDER BY batch";
            var id = owner.ToByteArray();
            if (connection.ScalarInt64($"{Answered} LIMIT 1", id) is not { } first)
                _stuck.Remove(owner);
            else if (!_stuck.TryGetValue(owner, out var stuck) || (stuck.IsTaken ? first > stuck.Last : first != stuck.First))
            {
                var last = connection.ScalarInt64($"{Answered} DESC LIMIT 1", id) ?? first;
                _stuck[owner] = new Stuck(first, last, Stopwatch.GetTimestamp());
            }
            else if (stuck.IsTaken || Stopwatch.GetElapsedTime(stuck.Since) > shard.Engine.Options.TakeAnsweredAfter)
            {
                _stuck[owner] = stuck with { IsTaken = true };
                var taken = connection.Execute(
                    $"""
                    UPDATE journal SET owner = @p0 WHERE owner = @p1 AND answered = 1 AND batch <= @p2
                    ORDER BY batch LIMIT {MostTakenAtOnce}
                    """,
                    Me, id, stuck.Last);
                if (taken > 0)
                    SocialLog.TakingAnswered(shard.Engine.Logger, UidGenerator.NodeOf(first), taken, shard.Number);
            }
        }
    }

    // The index takes a lane's batches in their order only: what other hosts still have of the lanes, and is older, goes there first.
    private List<IndexBatch> ReadOlderOfOthers(ShardConnection connection, List<Row> own)
    {
        var older = new List<IndexBatch>();
        foreach (var lane in own.GroupBy(row => UidGenerator.NodeOf(row.Batch), row => row.Batch))
        {
            connection.Query(
                "SELECT batch, swipes FROM journal WHERE node = @p0 AND batch > @p1 AND batch < @p2 AND owner <> @p3",
                [lane.Key, _told.GetValueOrDefault(lane.Key), lane.Max(), Me],
                row =>
                {
                    // What can't be read is its owner's to tell of.
                    if (JournalRow.TryUnpack((byte[])row.GetValue(1)) is { } swipes)
                        older.Add(new IndexBatch(lane.Key, shard.Number, row.GetInt64(0), swipes));
                });
        }
        return older;
    }

    // What is this host's and not open was taken from one that is gone, or committed without the lane's hearing of it.
    private void LookAtOwn(ShardConnection connection, HashSet<Guid> others)
    {
        others.Clear();
        connection.Query("SELECT DISTINCT owner FROM journal", [], row => others.Add(new Guid((byte[])row.GetValue(0))));
        if (!others.Remove(new Guid(Me)))
            return;
        var node = shard.Engine.Node.Claim.Node;
        var own = Read(connection, "owner = @p0", Me, (batch, of) =>
        {
            if (of == node && !shard.OpenBatches.Contains(batch))
                shard.Lane.Enqueue(TakeLaneOperation.Rent());
            return of != node;
        });
        TakeUp(own, ReadOlderOfOthers(connection, own));
        foreach (var row in own)
            _told[UidGenerator.NodeOf(row.Batch)] = Math.Max(row.Batch, _told.GetValueOrDefault(UidGenerator.NodeOf(row.Batch)));
    }
}
