using System.Diagnostics;
using Dapper;
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

    private readonly CancellationTokenSource _stopping = CancellationTokenSource.CreateLinkedTokenSource(shard.Engine.Stopping);
    private readonly Dictionary<Guid, long> _missing = []; // hosts with rows and without a number, by when that was first seen
    private readonly Dictionary<Guid, Stuck> _stuck = []; // hosts that have answered what the index lacks
    private readonly Dictionary<int, long> _told = []; // the last batch of another host's lane that the index was told of from here
    private Task _keeping = Task.CompletedTask;

    /// <summary>What a host that lives has answered, as it was first seen.</summary>
    /// <param name="First">The oldest of these batches.</param>
    /// <param name="Last">The newest.</param>
    /// <param name="Since">When that was.</param>
    /// <param name="IsTaken">This host has begun to take them.</param>
    private readonly record struct Stuck(long First, long Last, long Since, bool IsTaken = false);

    private readonly record struct Row(long Batch, bool Answered, byte[] Swipes);

    private byte[] Me => shard.Engine.Node.Owner;

    /// <summary>Looks every second from now on.</summary>
    public void Start() => _keeping = Task.Run(KeepAsync);

    /// <summary>
    /// Takes up what is left of a lane that is now this host's, whoever was at it: by the lane's thread, before it commits anything new,
    /// because the index hears of a lane's batches in their order.
    /// </summary>
    public void RecoverLane(ShardConnection connection, int node)
    {
        connection.Execute("UPDATE journal SET owner = @p0 WHERE node = @p1 AND owner <> @p2", Me, node, Me);
        TakeUp(ReadLane(connection, node), []);
    }

    /// <summary>Waits for a look that is under way, which the deadlines of the shards end.</summary>
    public void Dispose()
    {
        _stopping.Cancel();
        _keeping.Wait();
        _stopping.Dispose();
    }

    private List<Row> ReadLane(ShardConnection connection, int node)
    {
        var read = new List<Row>();
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
                    if (!shard.OpenBatches.Contains(last))
                        read.Add(new Row(last, row.GetInt32(1) != 0, (byte[])row.GetValue(2)));
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

    private async Task KeepAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(Interval, _stopping.Token).ConfigureAwait(false);
                await TryLookAsync().ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task TryLookAsync()
    {
        try
        {
            await LookAsync().ConfigureAwait(false);
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

    // Each server is asked in a call of its own: that the first shard is down must not count as a failure of this one.
    private async Task LookAsync()
    {
        var others = await LookAtOwnAsync().ConfigureAwait(false);
        if (others.Count == 0)
        {
            _missing.Clear();
            _stuck.Clear();
            return;
        }

        var living = await NodeLease.ReadOwnersAsync(shard.Engine.Shards[0].Server).ConfigureAwait(false);
        living.IntersectWith(others);
        await TakeAnsweredAsync(living).ConfigureAwait(false);
        foreach (var gone in FindGone(others, living))
        {
            await shard.Server.QueryAsync((Me, Gone: gone.ToByteArray()), static (connection, owners) => connection.ExecuteAsync(
                "UPDATE journal SET owner = @me WHERE owner = @gone", new { me = owners.Me, gone = owners.Gone })).ConfigureAwait(false);
        }
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
    private async Task TakeAnsweredAsync(HashSet<Guid> living)
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
            if (await ReadAnsweredAsync(owner).ConfigureAwait(false) is not { } answered)
                _stuck.Remove(owner);
            else if (!_stuck.TryGetValue(owner, out var stuck) || (stuck.IsTaken ? answered.First > stuck.Last : answered.First != stuck.First))
                _stuck[owner] = new Stuck(answered.First, answered.Last, Stopwatch.GetTimestamp());
            else if (stuck.IsTaken || Stopwatch.GetElapsedTime(stuck.Since) > shard.Engine.Options.TakeAnsweredAfter)
                await TakeAsync(owner, stuck).ConfigureAwait(false);
        }
    }

    private async Task TakeAsync(Guid owner, Stuck stuck)
    {
        _stuck[owner] = stuck with { IsTaken = true };
        var taken = await shard.Server.QueryAsync((Me, Owner: owner.ToByteArray(), stuck.Last), static (connection, take) =>
            connection.ExecuteAsync(
                $"""
                UPDATE journal SET owner = @me WHERE owner = @owner AND answered = 1 AND batch <= @last
                ORDER BY batch LIMIT {MostTakenAtOnce}
                """,
                new { me = take.Me, owner = take.Owner, last = take.Last })).ConfigureAwait(false);
        if (taken > 0)
            SocialLog.TakingAnswered(shard.Engine.Logger, UidGenerator.NodeOf(stuck.First), taken, shard.Number);
    }

    /// <summary>The oldest and the newest batch that a host has answered and not closed.</summary>
    private async Task<(long First, long Last)?> ReadAnsweredAsync(Guid owner)
    {
        var (first, last) = await shard.Server.QueryAsync(owner.ToByteArray(), static (connection, owner) =>
            connection.QuerySingleAsync<(long? First, long? Last)>(
                "SELECT MIN(batch), MAX(batch) FROM journal WHERE owner = @owner AND answered = 1", new { owner })).ConfigureAwait(false);
        return first is null || last is null ? null : (first.Value, last.Value);
    }

    // The index takes a lane's batches in their order only: what other hosts still have of the lanes, and is older, goes there first.
    private async Task<List<IndexBatch>> ReadOlderOfOthersAsync(List<Row> own)
    {
        var older = new List<IndexBatch>();
        foreach (var lane in own.GroupBy(row => UidGenerator.NodeOf(row.Batch), row => row.Batch))
        {
            var rows = await shard.Server.QueryAsync(
                (Node: lane.Key, After: _told.GetValueOrDefault(lane.Key), Before: lane.Max(), Me),
                static (connection, which) => connection.QueryAsync<(long Batch, byte[] Swipes)>(
                    "SELECT batch, swipes FROM journal WHERE node = @node AND batch > @after AND batch < @before AND owner <> @me",
                    new { node = which.Node, after = which.After, before = which.Before, me = which.Me })).ConfigureAwait(false);
            foreach (var row in rows)
            {
                // What can't be read is its owner's to tell of.
                if (JournalRow.TryUnpack(row.Swipes) is { } swipes)
                    older.Add(new IndexBatch(lane.Key, shard.Number, row.Batch, swipes));
            }
        }

        return older;
    }

    /// <summary>
    /// Takes up what is this host's and not open: it was taken from a host that is gone, or committed without the lane's hearing of it.
    /// Answers the other hosts with rows.
    /// </summary>
    private async Task<HashSet<Guid>> LookAtOwnAsync()
    {
        var owners = await shard.Server.QueryAsync(0, static (connection, _) => connection.QueryAsync<byte[]>(
            "SELECT DISTINCT owner FROM journal")).ConfigureAwait(false);
        var others = owners.Select(owner => new Guid(owner)).ToHashSet();
        if (!others.Remove(new Guid(Me)))
            return others;

        var own = await ReadOwnAsync().ConfigureAwait(false);
        TakeUp(own, await ReadOlderOfOthersAsync(own).ConfigureAwait(false));
        foreach (var row in own)
            _told[UidGenerator.NodeOf(row.Batch)] = Math.Max(row.Batch, _told.GetValueOrDefault(UidGenerator.NodeOf(row.Batch)));
        return others;
    }

    // Those of this host's lane are the lane's to take up, in their order.
    private async Task<List<Row>> ReadOwnAsync()
    {
        var batches = (await shard.Server.QueryAsync(Me, static (connection, me) => connection.QueryAsync<(long Batch, int Node)>(
            "SELECT batch, node FROM journal WHERE owner = @me ORDER BY batch", new { me })).ConfigureAwait(false))
            .Where(row => !shard.OpenBatches.Contains(row.Batch)).ToLookup(row => row.Node == shard.Engine.Node.Claim.Node, row => row.Batch);
        if (batches[true].Any())
            shard.Lane.Enqueue(TakeLaneOperation.Rent());

        var own = new List<Row>();
        foreach (var page in batches[false].Chunk(RowsAQuery))
        {
            own.AddRange(await shard.Server.QueryAsync((Me, Page: page), static (connection, which) => connection.QueryAsync<Row>(
                "SELECT batch, answered, swipes FROM journal WHERE batch IN @page AND owner = @me ORDER BY batch",
                new { page = which.Page, me = which.Me })).ConfigureAwait(false));
        }

        return own;
    }
}
