using System.Globalization;
using System.Text;
using Dapper;
using Microsoft.Extensions.Logging;
using Swiper.Core.Accounts;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Storage.Indexes;
using Swiper.Storage.Records;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Accounts;

/// <summary>
/// When users were last active: the hour in memory, and a row of `activity` in the user's shard. Notes gather for a minute and are written
/// together, a user's once an hour; a crash loses that minute. The rows of other hosts are read every five minutes.
/// </summary>
internal sealed class ActivityRepository : IActivityRepository, IDisposable
{
    /// <summary>How long notes gather before they are written.</summary>
    public static readonly TimeSpan WriteInterval = TimeSpan.FromMinutes(1);

    /// <summary>How often the rows of other hosts are read.</summary>
    public static readonly TimeSpan ReadInterval = TimeSpan.FromMinutes(5);

    private const int RowsAQuery = 10_000;
    private const int RowsAStatement = 500;

    // Rows that were written by a clock that is behind, or committed late, are read once more.
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(5);

    private readonly IRecords _records;
    private readonly PeopleDirectory _directory;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly ShardMap _map;
    private readonly bool _areThereOtherHosts;
    private readonly long[] _readUntil;
    private readonly Lock _noting = new();
    private readonly CancellationTokenSource _stopping = new();
    private HashSet<long> _noted = [];
    private Task _loop = Task.CompletedTask;

    public ActivityRepository(
        IRecords records, PeopleDirectory directory, TimeProvider clock, ILogger logger, bool areThereOtherHosts)
    {
        (_records, _directory, _clock, _logger, _areThereOtherHosts) = (records, directory, clock, logger, areThereOtherHosts);
        _map = new ShardMap(records.ShardKeys.Count);
        _readUntil = new long[records.ShardKeys.Count];
    }

    public void Note(long uid)
    {
        if (!_directory.People.TryGetSlot(uid, out var slot))
            return;
        var now = _clock.NowMs();
        if (_directory.Activity.Note(slot, ActivityIndex.HourOf(now)))
        {
            lock (_noting)
                _noted.Add(uid);
        }
        _directory.Turns.Wait(slot, WireTime.Day(now).DayNumber);
    }

    /// <summary>
    /// Reads all rows into memory, after the users, and begins to write and read. An engine without other hosts has read them itself.
    /// </summary>
    public async Task StartAsync()
    {
        for (var shard = 0; _areThereOtherHosts && shard < _readUntil.Length; shard++)
            await ReadAsync(shard).ConfigureAwait(false);
        // It ticks from now on, whenever the loop gets a thread.
        var timer = new PeriodicTimer(WriteInterval, _clock);
        _loop = Task.Run(() => KeepAsync(timer));
    }

    /// <summary>Writes what was noted, unless that takes longer than a few seconds.</summary>
    public void Dispose()
    {
        // By the engine, and by the container that hands it out.
        if (_stopping.IsCancellationRequested)
            return;
        _stopping.Cancel();
        if (!_loop.Wait(StopPatience) || !Task.Run(WriteAsync).Wait(StopPatience) || _noted.Count > 0)
            RecordsLog.ActivityNotWritten(_logger, _noted.Count, null);
    }

    private async Task KeepAsync(PeriodicTimer timer)
    {
        using var ended = timer;
        var readAt = _clock.GetTimestamp();
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token).ConfigureAwait(false))
            {
                await WriteAsync().ConfigureAwait(false);
                if (!_areThereOtherHosts || _clock.GetElapsedTime(readAt) < ReadInterval)
                    continue;
                readAt = _clock.GetTimestamp();
                await Task.WhenAll(Enumerable.Range(0, _readUntil.Length).Select(TryReadAsync)).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Disposed.
        }
    }

    private Task WriteAsync()
    {
        HashSet<long> noted;
        lock (_noting)
        {
            if (_noted.Count == 0)
                return Task.CompletedTask;
            (noted, _noted) = (_noted, []);
        }
        return Task.WhenAll(noted.GroupBy(_map.ShardOf).SelectMany(shard =>
            shard.Order().Chunk(RowsAStatement).Select(uids => TryWriteAsync(_records.ShardKeys[shard.Key], uids))));
    }

    private async Task TryWriteAsync(long shard, long[] uids)
    {
        try
        {
            var statement = Statement(uids);
            await _records.RunAsync(shard, session => session.ExecuteOnceAsync(statement)).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // A shard that is down is logged by itself. Nobody is noted twice, so what waits has a bound.
            if (exception is not StoreUnavailableException)
                RecordsLog.ActivityNotWritten(_logger, uids.Length, exception);
            lock (_noting)
                _noted.UnionWith(uids);
        }
    }

    // Numbers only. Both dialects know REPLACE. Of two hosts that write one user within a minute the later one does not know less.
    private string Statement(long[] uids)
    {
        var sql = new StringBuilder("REPLACE INTO activity (uid, at, written) VALUES ");
        foreach (var uid in uids)
        {
            var at = _directory.People.TryGetSlot(uid, out var slot) ? _directory.Activity.LastOf(slot) : 0;
            sql.Append(CultureInfo.InvariantCulture, $"({uid}, {at}, {_clock.NowMs()}),");
        }
        return sql.ToString(0, sql.Length - 1);
    }

    private async Task TryReadAsync(int shard)
    {
        try
        {
            await ReadAsync(shard).ConfigureAwait(false);
        }
        catch (StoreUnavailableException)
        {
            // Logged by the shard; next time from the same row on.
        }
        catch (Exception exception)
        {
            RecordsLog.ActivityNotRead(_logger, exception);
        }
    }

    // All rows first, then those that have changed since.
    private async Task ReadAsync(int shard)
    {
        var (since, began, last) = (_readUntil[shard], _clock.NowMs(), 0L);
        List<(long Uid, long At)> rows;
        do
        {
            rows = [.. await _records.ReadAsync(_records.ShardKeys[shard], connection => connection.QueryAsync<(long, long)>(
                $"SELECT uid, at FROM activity WHERE written >= @since AND uid > @last ORDER BY uid LIMIT {RowsAQuery}",
                new { since, last })).ConfigureAwait(false)];
            foreach (var (uid, at) in rows)
            {
                last = uid;
                if (_directory.People.TryGetSlot(uid, out var slot))
                    _directory.Activity.Note(slot, ActivityIndex.HourOf(at));
            }
        }
        while (rows.Count == RowsAQuery);
        _readUntil[shard] = began - (long)Overlap.TotalMilliseconds;
    }
}
