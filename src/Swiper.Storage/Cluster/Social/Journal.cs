using Dapper;
using Swiper.Storage.Cluster.Nodes;
using Swiper.Storage.MySql;
using Swiper.Storage.Redis;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Cluster.Social;

/// <summary>
/// Recovers batches that nobody is settling: those whose commit this host's lane never learned of, those it left behind before a restart,
/// and those of dead hosts. Each row names its owner, and a host takes ownership before it acts, so a host that was wrongly presumed dead
/// can no longer close the row or answer for it. It also takes over batches that a live host answered but has failed to apply to the index
/// for several seconds, because other hosts would trust an index that lacks them.
/// </summary>
internal sealed class Journal(SwipePath path, ClusterShard shard) : IDisposable
{
    private const int RowsAQuery = 1000;
    private const int MostTakenAtOnce = 1000;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _clock = path.Clock;
    private readonly CancellationTokenSource _stopping = CancellationTokenSource.CreateLinkedTokenSource(path.Stopping);
    private readonly Dictionary<Guid, long> _missing = []; // owners without a live lease, by when they were first seen so
    private readonly Dictionary<Guid, Stuck> _stuck = []; // live owners whose answered batches are not being applied
    private readonly Dictionary<int, long> _told = []; // the last batch of each foreign lane that this host has queued for the index
    private Task _keeping = Task.CompletedTask;

    /// <summary>Answered batches of a live host, as first observed.</summary>
    /// <param name="First">The oldest batch.</param>
    /// <param name="Last">The newest batch.</param>
    /// <param name="Since">When they were first observed.</param>
    /// <param name="IsTaken">Whether this host has begun to take them over.</param>
    private readonly record struct Stuck(long First, long Last, long Since, bool IsTaken = false);

    private readonly record struct Row(long Batch, bool Answered, byte[] Swipes);

    private byte[] Me => path.Node.Owner;

    /// <summary>Starts scanning the journal once a second.</summary>
    public void Start() => _keeping = Task.Run(KeepAsync);

    /// <summary>
    /// Recovers the open batches of a lane that this host now owns. Runs on the lane's thread before it commits anything new, because the
    /// index applies a lane's batches in order.
    /// </summary>
    public void RecoverLane(ShardConnection connection, int node)
    {
        connection.Execute("UPDATE journal SET owner = @p0 WHERE node = @p1 AND owner <> @p2", Me, node, Me);
        TakeUp(ReadLane(connection, node), []);
    }

    /// <summary>Waits for a scan in progress, which is bounded by the shards' deadlines.</summary>
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

    // Everything has been read by now: a read that fails half-way must not leave batches half recovered.
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
            path.Index.Enqueue(batch);
        foreach (var batch in found)
            _ = batch.SettleAsync();
        if (found.Count > 0)
            SocialLog.Recovered(path.Logger, found.Count, shard.Number);
    }

    private SwipeBatch? TryRead(long id, bool answered, byte[] row)
    {
        try
        {
            return Read(id, answered, row);
        }
        catch (InvalidDataException unreadable)
        {
            // The row stays open, logged once, for a host that can read it; other rows must not wait for it.
            SocialLog.Unreadable(path.Logger, id, shard.Number, unreadable);
            return null;
        }
    }

    private SwipeBatch Read(long id, bool answered, byte[] row)
    {
        var (swipes, settled) = JournalRow.Unpack(row);
        if (answered)
            Array.Fill(settled, true);
        return new SwipeBatch(path, shard, id, BatchedSwipes.Found(swipes, settled));
    }

    private async Task KeepAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(Interval, _clock, _stopping.Token).ConfigureAwait(false);
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
            // This shard or the first one is down. Hosts could not renew their leases meanwhile, so what was observed no longer counts.
            _missing.Clear();
            _stuck.Clear();
            shard.Refused(exception);
        }
        catch (Exception exception)
        {
            shard.Faulted(exception);
        }
    }

    // Each shard is queried separately: a failure of the first shard must not count against this one.
    private async Task LookAsync()
    {
        var others = await LookAtOwnAsync().ConfigureAwait(false);
        if (others.Count == 0)
        {
            _missing.Clear();
            _stuck.Clear();
            return;
        }

        var living = await NodeLease.ReadOwnersAsync(path.Shards[0].Server).ConfigureAwait(false);
        living.IntersectWith(others);
        await TakeAnsweredAsync(living).ConfigureAwait(false);
        foreach (var gone in FindGone(others, living))
        {
            await shard.Server.QueryAsync((Me, Gone: gone.ToByteArray()), static (connection, owners) => connection.ExecuteAsync(
                "UPDATE journal SET owner = @me WHERE owner = @gone", new { me = owners.Me, gone = owners.Gone })).ConfigureAwait(false);
        }
    }

    // After an outage of the first shard, live hosts need a full lease to renew their numbers.
    private List<Guid> FindGone(HashSet<Guid> others, HashSet<Guid> living)
    {
        others.ExceptWith(living);
        foreach (var back in _missing.Keys.Where(owner => !others.Contains(owner)).ToList())
            _missing.Remove(back);
        var now = _clock.GetTimestamp();
        foreach (var owner in others)
            _missing.TryAdd(owner, now);
        return [.. others.Where(owner => _clock.GetElapsedTime(_missing[owner], now) > path.Node.Length)];
    }

    // A host that makes progress, however slow, is left alone: otherwise every host would end up doing every other host's work.
    private async Task TakeAnsweredAsync(HashSet<Guid> living)
    {
        if (!path.Index.IsReachable)
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
            else if (!_stuck.TryGetValue(owner, out var stuck)
                || (stuck.IsTaken ? answered.First > stuck.Last : answered.First != stuck.First))
                _stuck[owner] = new Stuck(answered.First, answered.Last, _clock.GetTimestamp());
            else if (stuck.IsTaken || _clock.GetElapsedTime(stuck.Since) > path.Options.TakeAnsweredAfter)
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
            SocialLog.TakingAnswered(path.Logger, BatchIds.NodeOf(stuck.First), taken, shard.Number);
    }

    /// <summary>The oldest and newest batches that a host has answered but not closed.</summary>
    private async Task<(long First, long Last)?> ReadAnsweredAsync(Guid owner)
    {
        var (first, last) = await shard.Server.QueryAsync(owner.ToByteArray(), static (connection, owner) =>
            connection.QuerySingleAsync<(long? First, long? Last)>(
                "SELECT MIN(batch), MAX(batch) FROM journal WHERE owner = @owner AND answered = 1", new { owner })).ConfigureAwait(false);
        return first is null || last is null ? null : (first.Value, last.Value);
    }

    // The index applies a lane's batches in order only, so older batches of the same lanes that other hosts own go first.
    private async Task<List<IndexBatch>> ReadOlderOfOthersAsync(List<Row> own)
    {
        var older = new List<IndexBatch>();
        foreach (var lane in own.GroupBy(row => BatchIds.NodeOf(row.Batch), row => row.Batch))
        {
            var rows = await shard.Server.QueryAsync(
                (Node: lane.Key, After: _told.GetValueOrDefault(lane.Key), Before: lane.Max(), Me),
                static (connection, which) => connection.QueryAsync<(long Batch, byte[] Swipes)>(
                    "SELECT batch, swipes FROM journal WHERE node = @node AND batch > @after AND batch < @before AND owner <> @me",
                    new { node = which.Node, after = which.After, before = which.Before, me = which.Me })).ConfigureAwait(false);
            foreach (var row in rows)
            {
                // Unreadable rows are logged by their owner.
                if (JournalRow.TryUnpack(row.Swipes) is { } swipes)
                    older.Add(new IndexBatch(lane.Key, shard.Number, row.Batch, swipes));
            }
        }

        return older;
    }

    /// <summary>
    /// Recovers rows that this host owns but is not settling: taken over from another host, or committed without the lane learning of it.
    /// Returns the other owners with rows in the journal.
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
            _told[BatchIds.NodeOf(row.Batch)] = Math.Max(row.Batch, _told.GetValueOrDefault(BatchIds.NodeOf(row.Batch)));
        return others;
    }

    // Batches of this host's own lane are recovered by the lane, in order.
    private async Task<List<Row>> ReadOwnAsync()
    {
        var batches = (await shard.Server.QueryAsync(Me, static (connection, me) => connection.QueryAsync<(long Batch, int Node)>(
            "SELECT batch, node FROM journal WHERE owner = @me ORDER BY batch", new { me })).ConfigureAwait(false))
            .Where(row => !shard.OpenBatches.Contains(row.Batch))
            .ToLookup(row => row.Node == path.Node.Claim.Node, row => row.Batch);
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
