using Microsoft.Extensions.Logging;
using Swiper.Core.Accounts;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Storage.Records;

namespace Swiper.Storage.Accounts;

/// <summary>
/// Deletes what no longer matters, before the engine takes requests and then once an hour: devices and revocations of expired tokens, old
/// pushes, and old login codes with their phone numbers. Every host does so; whichever comes first finds something.
/// </summary>
internal sealed class Pruning : IDisposable
{
    // Few at a time, so that nobody waits for long.
    private const int RowsATime = 1000;

    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(5);

    private readonly IRecords _records;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly ITimer _timer;

    /// <param name="records">Of a started engine.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="logger">The log.</param>
    public Pruning(IRecords records, TimeProvider clock, ILogger logger)
    {
        (_records, _clock, _logger) = (records, clock, logger);
        _timer = clock.CreateTimer(static pruning => _ = ((Pruning)pruning!).PruneAsync(), this, Interval, Interval);
    }

    /// <summary>
    /// Prunes before the first request, which waits for a few seconds of it at most: a backlog is no reason not to start.
    /// </summary>
    public async Task StartAsync() =>
        await PruneAsync().WaitAsync(StartPatience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    public void Dispose() => _timer.Dispose();

    private async Task PruneAsync()
    {
        var now = _clock.NowMs();
        var codesKept = (long)CodeRules.KeptFor.TotalMilliseconds;
        var pushesKept = (long)IPushRepository.KeptFor.TotalMilliseconds;
        foreach (var shard in _records.ShardKeys)
        {
            try
            {
                await PruneAsync<long>(shard, "revoked", "token", "expires <= @now", new { now }).ConfigureAwait(false);
                // A row this far in the future was written by a clock that has since been corrected.
                await PruneAsync<string>(shard, "codes", "phone", "sent_at < @old OR sent_at > @future",
                    new { old = now - codesKept, future = now + codesKept }).ConfigureAwait(false);
                await PruneOldestAsync(shard, "devices", "expires", before: now + 1).ConfigureAwait(false);
                await PruneOldestAsync(shard, "pushes", "at", before: now - pushesKept).ConfigureAwait(false);
            }
            catch (StoreUnavailableException)
            {
                // Logged by the shard; its next turn is in an hour.
            }
            catch (Exception exception)
            {
                RecordsLog.NotPruned(_logger, exception);
            }
        }
    }

    // By user, because no column alone is the key. To delete what was deleted already does no harm, so nothing is locked meanwhile.
    private async Task PruneOldestAsync(long shard, string table, string time, long before)
    {
        int found;
        do
        {
            found = await _records.RunAsync(shard, async session =>
            {
                var oldest = await session.ReadAsync<(long Uid, long At)>(
                    $"SELECT uid, {time} FROM {table} WHERE {time} < @before ORDER BY {time} LIMIT {RowsATime}", new { before })
                    .ConfigureAwait(false);
                if (oldest.Count > 0)
                {
                    await session.ExecuteAsync(
                        $"DELETE FROM {table} WHERE uid IN @uids AND {time} <= @last",
                        new { uids = oldest.Select(row => row.Uid).Distinct(), last = oldest[^1].At }).ConfigureAwait(false);
                }

                return oldest.Count;
            }).ConfigureAwait(false);
        }
        while (found == RowsATime);
    }

    // MySQL deletes no more than LIMIT rows of a range, SQLite can't; both can delete by key.
    private async Task PruneAsync<TKey>(long shard, string table, string key, string condition, object parameters)
    {
        var select = $"SELECT {key} FROM {table} WHERE {condition} LIMIT {RowsATime}{_records.Sql.ForUpdate}";
        int deleted;
        do
        {
            deleted = await _records.RunAsync(shard, async session =>
            {
                var keys = await session.ReadAsync<TKey>(select, parameters).ConfigureAwait(false);
                return keys.Count == 0
                    ? 0
                    : await session.ExecuteAsync($"DELETE FROM {table} WHERE {key} IN @keys", new { keys }).ConfigureAwait(false);
            }).ConfigureAwait(false);
        }
        while (deleted == RowsATime);
    }
}
