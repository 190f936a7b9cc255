using Dapper;
using Swiper.Core.Protocol;
using Swiper.Storage.MySql;
using Swiper.Storage.Records;

namespace Swiper.Storage.Cluster.Events;

/// <summary>
/// Polls one shard's `events` table once a second for events of all hosts. Ids are assigned before the row commits, so a row may become
/// visible behind the last id read: missing ids are looked up again for as long as their transaction may still be open.
/// </summary>
internal sealed class EventFeed(ClusterShard shard, TimeProvider clock, Action<HostEvent> hear) : IDisposable
{
    private const int RowsAQuery = 5000;

    // A wider gap does not come from our transactions: the server skipped ids.
    private const int WidestGap = 1000;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PruneInterval = TimeSpan.FromMinutes(1);

    // Hosts whose clocks differ by less than this miss no events.
    private static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    private readonly CancellationTokenSource _stopping = new();
    private readonly Dictionary<long, long> _missing = []; // by id, with the time it was first found missing
    private Task _keeping = Task.CompletedTask;
    private long _last;
    private long _prunedAt;
    private long _lookedAt = clock.GetTimestamp();

    private readonly record struct Row(long Id, int Kind, long Uid, long Subject);

    /// <summary>How long ago the last look ended that the shard answered; there is one each second.</summary>
    public TimeSpan SilentFor => clock.GetElapsedTime(Volatile.Read(ref _lookedAt));

    /// <summary>How many missing ids are still being looked up.</summary>
    public int Missing => _missing.Count;

    /// <summary>Starts polling. Earlier events are covered by what the host reads at start.</summary>
    /// <exception cref="Core.Dispatch.StoreUnavailableException">The shard can't be read.</exception>
    public void Start()
    {
        BeginAsync().GetAwaiter().GetResult();
        _keeping = Task.Run(KeepAsync);
    }

    /// <summary>Waits for a poll in progress, which is bounded by the shard's deadline.</summary>
    public void Dispose()
    {
        _stopping.Cancel();
        _keeping.Wait();
        _stopping.Dispose();
    }

    // A row that has an id already but commits later is found only by looking for its id.
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
        var now = clock.GetTimestamp();
        for (var missed = Math.Max(after + 1, before - WidestGap); missed < before; missed++)
            _missing[missed] = now;
    }

    private async Task KeepAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(Interval, clock, _stopping.Token).ConfigureAwait(false);
                await TryLookAsync().ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Disposed.
        }
    }

    private async Task TryLookAsync()
    {
        try
        {
            await LookForMissingAsync().ConfigureAwait(false);
            await LookAsync().ConfigureAwait(false);
            Volatile.Write(ref _lookedAt, clock.GetTimestamp());
            await PruneAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (TransientErrors.KindOf(exception) != ShardFailure.None)
        {
            // The shard is down; its events are read when it is back.
            shard.Refused(exception);
        }
        catch (Exception exception)
        {
            shard.Faulted(exception);
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
        var now = clock.GetTimestamp();
        var patience = 4 * shard.Server.Deadline;
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
            // Most likely rolled back.
            if (clock.GetElapsedTime(since, now) > patience)
                _missing.Remove(id);
        }
    }

    // Every host does so; whichever comes first finds something.
    private async Task PruneAsync()
    {
        if (_prunedAt != 0 && clock.GetElapsedTime(_prunedAt) < PruneInterval)
            return;
        _prunedAt = clock.GetTimestamp();
        int deleted;
        do
        {
            deleted = await shard.Server.QueryAsync(clock.NowMs() - (long)Kept.TotalMilliseconds,
                static (connection, before) => connection.ExecuteAsync(
                    "DELETE FROM events WHERE at < @before ORDER BY id LIMIT @most", new { before, most = RowsAQuery }))
                .ConfigureAwait(false);
        }
        while (deleted == RowsAQuery && !_stopping.IsCancellationRequested);
    }

    // Includes this host's own events: it may not have learned of a commit, and its node number may have been another host's before.
    private void Hear(Row row) => hear(new HostEvent((HostEventKind)row.Kind, row.Uid, row.Subject));
}
