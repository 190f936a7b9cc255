using Dapper;
using Swiper.Storage.MySql;

namespace Swiper.Storage.Cluster.Events;

/// <summary>
/// Reads what happened on any host from one shard's `events`, once a second. A row's id is given before it is committed, so that rows may
/// appear behind the last one read: ids that are missing are looked for again for as long as their transaction may take.
/// </summary>
internal sealed class EventFeed(ClusterShard shard, Action<HostEvent> hear) : IDisposable
{
    private const int RowsAQuery = 5000;

    // A wider gap was no transaction's of ours: the server skipped numbers.
    private const int WidestGap = 1000;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _clock = TimeProvider.System;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Dictionary<long, long> _missing = []; // by id, with when it was first missed
    private Task _keeping = Task.CompletedTask;
    private long _last;

    private readonly record struct Row(long Id, int Kind, long Uid, long Subject);

    /// <summary>How many numbers are looked for that no row has yet.</summary>
    public int Missing => _missing.Count;

    /// <summary>From now on what happens is heard of; what happened before is in what this host reads at its start.</summary>
    /// <exception cref="Core.Dispatch.StoreUnavailableException">The shard can't be read.</exception>
    public void Start()
    {
        BeginAsync().GetAwaiter().GetResult();
        _keeping = Task.Run(KeepAsync);
    }

    /// <summary>Waits for a look that is under way, which the shard's deadline ends.</summary>
    public void Dispose()
    {
        _stopping.Cancel();
        _keeping.Wait();
        _stopping.Dispose();
    }

    // What has a number already and is committed later is read by nobody but the one who looks for it.
    private async Task BeginAsync()
    {
        var ids = await shard.Server.QueryAsync(WidestGap, static (connection, most) => connection.QueryAsync<long>(
            "SELECT id FROM events ORDER BY id DESC LIMIT @most", new { most })).ConfigureAwait(false);
        var next = 0L;
        foreach (var id in ids)
        {
            _last = Math.Max(_last, id);
            if (next != 0)
                Miss(id, next);
            next = id;
        }

        Miss(0, next);
    }

    private void Miss(long after, long before)
    {
        var now = _clock.GetTimestamp();
        for (var missed = Math.Max(after + 1, before - WidestGap); missed < before; missed++)
            _missing[missed] = now;
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
            // It is disposed of.
        }
    }

    private async Task TryLookAsync()
    {
        try
        {
            await LookForMissingAsync().ConfigureAwait(false);
            await LookAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (TransientErrors.KindOf(exception) != ShardFailure.None)
        {
            // The shard is down; what happens on it meanwhile is read when it is back.
            shard.Refused(exception);
        }
        catch (Exception exception)
        {
            shard.Engine.Faulted(shard.Number, exception);
        }
    }

    private async Task LookAsync()
    {
        List<Row> rows;
        do
        {
            rows = [.. await shard.Server.QueryAsync((_last, RowsAQuery), static (connection, after) => connection.QueryAsync<Row>(
                "SELECT id, kind, uid, subject FROM events WHERE id > @last ORDER BY id LIMIT @most",
                new { last = after._last, most = after.RowsAQuery })).ConfigureAwait(false)];
            foreach (var row in rows)
            {
                Miss(_last, row.Id);
                _last = row.Id;
                Hear(row);
            }
        }
        while (rows.Count == RowsAQuery && !_stopping.IsCancellationRequested);
    }

    private async Task LookForMissingAsync()
    {
        if (_missing.Count == 0)
            return;
        var now = _clock.GetTimestamp();
        var patience = 2 * shard.Engine.Options.Deadline;
        foreach (var ids in _missing.Keys.ToArray().Chunk(WidestGap))
        {
            var found = await shard.Server.QueryAsync(ids, static (connection, ids) => connection.QueryAsync<Row>(
                "SELECT id, kind, uid, subject FROM events WHERE id IN @ids", new { ids })).ConfigureAwait(false);
            foreach (var row in found)
            {
                _missing.Remove(row.Id);
                Hear(row);
            }
        }

        foreach (var (id, since) in _missing.ToArray())
        {
            // Rolled back, most likely.
            if (_clock.GetElapsedTime(since, now) > patience)
                _missing.Remove(id);
        }
    }

    // Of this host's own doings, too: it may not have heard of a commit, and a number may have been another's.
    private void Hear(Row row) => hear(new HostEvent((HostEventKind)row.Kind, row.Uid, row.Subject));
}
