using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Dapper;

namespace Swiper.Storage.Records;

/// <summary>
/// The outbox of all shards: does follow-ups right after the transactions that wrote them, and finds those that nobody has done, because a
/// host or a store failed in between. A handler may be called more than once for the same follow-up, also at the same time, and has
/// <see cref="Patience"/> to end.
/// </summary>
/// <remarks>
/// <code>
/// transaction: ..., INSERT follow_ups (due = in 10 s) --commit--> handler -> DELETE
///                                                                 |- failed: due = in 1, 2, 4 ... 60 s
/// once a second, every host: due and the oldest of its kind and user? UPDATE due = in 10 s -> handler -> DELETE
/// once a minute, every host: due later than any pause allows, because the clock was ahead? UPDATE due = now
/// </code>
/// One that is written with a due time of its own is found once that has come, within a second or so.
/// </remarks>
internal sealed class FollowUps : IDisposable
{
    /// <summary>How long a host that has taken a follow-up is left alone with it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private const int RowsATime = 100;
    private const int LongestPauseSeconds = 60;
    private const string Columns = "id, kind, uid, payload, due, attempts";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan CountInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan HastenInterval = TimeSpan.FromMinutes(1);

    // Of those that are not scheduled. The clocks of hosts differ.
    private static readonly TimeSpan LatestDue = TimeSpan.FromSeconds(2 * LongestPauseSeconds);

    private readonly IRecords _records;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Dictionary<FollowUpKind, Func<FollowUp, Task>> _handlers = [];
    private readonly HashSet<int> _inOrder = [];
    private readonly HashSet<int> _scheduled = [];
    private readonly ConcurrentDictionary<(long ShardKey, long Id), TaskCompletionSource> _running = new();
    private readonly Dictionary<long, FollowUpBacklog> _backlogs;
    private readonly ConcurrentDictionary<FollowUpKind, long> _failures = new();
    private readonly CancellationTokenSource _stopping = new();
    private Task _looking = Task.CompletedTask;

    public FollowUps(IRecords records, TimeProvider clock, ILogger logger)
    {
        (_records, _clock, _logger) = (records, clock, logger);
        _backlogs = records.ShardKeys.ToDictionary(shard => shard, _ => new FollowUpBacklog(clock));
    }

    /// <summary>How many wait, over all shards, those with due times of their own aside; counted now and then.</summary>
    public long Pending => _backlogs.Values.Sum(backlog => backlog.Pending);

    /// <summary>How long the oldest of them has waited at least.</summary>
    public TimeSpan Oldest => _backlogs.Values.Max(backlog => backlog.Oldest);

    /// <summary>How many tries have failed on this host, by kind.</summary>
    public IEnumerable<KeyValuePair<FollowUpKind, long>> Failures => _failures;

    /// <summary>Has the handler do the follow-ups of a kind. Called before the start.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="handler">Called with each of them.</param>
    /// <param name="inOrder">Whether those for one user that come from one shard are done one after the other, the oldest first.</param>
    /// <param name="isScheduled">Whether they have due times of their own, before which nobody does them.</param>
    public void Handle(FollowUpKind kind, Func<FollowUp, Task> handler, bool inOrder = true, bool isScheduled = false)
    {
        _handlers.Add(kind, handler);
        if (isScheduled)
            _scheduled.Add((int)kind);
        if (inOrder)
            _inOrder.Add((int)kind);
    }

    /// <summary>Begins to look for follow-ups that nobody does.</summary>
    public void Start() => _looking = Task.Run(LookAsync);

    /// <summary>
    /// Does everything that the shards hold and that is not scheduled, due or not, for an engine that has no other host: an earlier
    /// process left it. Gives up after the patience; what is left then is done later.
    /// </summary>
    public async Task DoLeftOversAsync(TimeSpan patience)
    {
        var kinds = _handlers.Keys.Select(kind => (int)kind).Except(_scheduled).ToArray();
        var left = await Task.WhenAll(_records.ShardKeys.Select(shard => _records.ReadAsync(shard, connection =>
            connection.QuerySingleAsync<(int Count, long? Last)>(
                "SELECT COUNT(*), MAX(id) FROM follow_ups WHERE kind IN @kinds", new { kinds })).AsTask())).ConfigureAwait(false);
        if (left.All(shard => shard.Count == 0))
            return;
        RecordsLog.LeftOver(_logger, left.Sum(shard => shard.Count));
        // Not those that are written from now on: whoever writes them does them.
        var all = Task.WhenAll(_records.ShardKeys.Zip(
            left, (shard, left) => TryLookAsync(shard, kinds, before: long.MaxValue, left.Last ?? 0)));
        await all.WaitAsync(patience, _clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Does a follow-up whose transaction has just been committed, without waiting for it.</summary>
    public void Begin(FollowUp followUp) => _ = DoAsync(followUp);

    /// <summary>Completes when a follow-up that this host has begun is done or has failed. Then it is tried again later.</summary>
    public Task WhenTried(FollowUp followUp) =>
        _running.TryGetValue((followUp.ShardKey, followUp.Id), out var tried) ? tried.Task : Task.CompletedTask;

    public void Dispose()
    {
        _stopping.Cancel();
        _looking.Wait();
        _stopping.Dispose();
    }

    private async Task LookAsync()
    {
        var kinds = _handlers.Keys.Select(kind => (int)kind).ToArray();
        using var timer = new PeriodicTimer(Interval, _clock);
        var countedAt = _clock.GetTimestamp();
        var hastenedAt = countedAt;
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token).ConfigureAwait(false))
            {
                if (_clock.GetElapsedTime(hastenedAt) >= HastenInterval)
                {
                    hastenedAt = _clock.GetTimestamp();
                    await Task.WhenAll(_records.ShardKeys.Select(TryHastenAsync)).ConfigureAwait(false);
                }
                await Task.WhenAll(_records.ShardKeys.Select(shard => TryLookAsync(shard, kinds, _clock.NowMs(), last: long.MaxValue)))
                    .ConfigureAwait(false);
                if (_clock.GetElapsedTime(countedAt) < CountInterval)
                    continue;
                countedAt = _clock.GetTimestamp();
                await Task.WhenAll(_records.ShardKeys.Select(TryCountAsync)).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Disposed.
        }
    }

    /// <summary>What was written, or postponed, while the clock was ahead, is due now.</summary>
    private async Task TryHastenAsync(long shard)
    {
        try
        {
            var latest = After(LatestDue);
            // First without locks: mostly there are none among those that are scheduled.
            var ids = await _records.ReadAsync(shard, connection => connection.QueryAsync<long>(
                $"SELECT id FROM follow_ups WHERE due > @latest AND kind NOT IN @scheduled LIMIT {RowsATime}",
                new { latest, scheduled = _scheduled })).ConfigureAwait(false);
            if (ids.Any())
                await _records.RunAsync(shard, session => session.ExecuteAsync(
                    "UPDATE follow_ups SET due = @now WHERE id IN @ids AND due > @latest", new { now = _clock.NowMs(), ids, latest }))
                    .ConfigureAwait(false);
        }
        catch (StoreUnavailableException)
        {
            // Logged by the shard.
        }
        catch (Exception exception)
        {
            RecordsLog.NotLookedFor(_logger, exception);
        }
    }

    private async Task TryCountAsync(long shard)
    {
        try
        {
            // Those with due times of their own are not late; all others are due within the longest pause.
            var (count, first, last) = await _records.ReadAsync(shard, connection =>
                connection.QuerySingleAsync<(long Count, long? First, long? Last)>(
                    "SELECT COUNT(*), MIN(id), MAX(id) FROM follow_ups WHERE due <= @soon AND kind NOT IN @scheduled",
                    new { soon = After(TimeSpan.FromSeconds(LongestPauseSeconds)), scheduled = _scheduled })).ConfigureAwait(false);
            _backlogs[shard].Saw(count, first ?? 0, last ?? 0);
        }
        catch (StoreUnavailableException)
        {
            // Logged by the shard.
        }
        catch (Exception exception)
        {
            RecordsLog.NotLookedFor(_logger, exception);
        }
    }

    private async Task TryLookAsync(long shard, int[] kinds, long before, long last)
    {
        try
        {
            // What has become the oldest of its kind and user is found by looking again.
            while (!_stopping.IsCancellationRequested && await LookAsync(shard, kinds, before, last).ConfigureAwait(false) > 0)
            {
            }
        }
        catch (StoreUnavailableException)
        {
            // Logged by the shard.
        }
        catch (Exception exception)
        {
            RecordsLog.NotLookedFor(_logger, exception);
        }
    }

    /// <summary>Does up to <see cref="RowsATime"/> follow-ups; returns how many were done.</summary>
    private async Task<int> LookAsync(long shard, int[] kinds, long before, long last)
    {
        var found = await _records.ReadAsync(shard, connection => connection.QueryAsync<FollowUp>(
            $"""
            SELECT {Columns} FROM follow_ups f
            WHERE due <= @before AND id <= @last AND kind IN @kinds AND (kind NOT IN @inOrder OR NOT EXISTS
                (SELECT 1 FROM follow_ups older WHERE older.uid = f.uid AND older.kind = f.kind AND older.id < f.id))
            ORDER BY due LIMIT {RowsATime}
            """,
            new { before, last, kinds, inOrder = _inOrder })).ConfigureAwait(false);
        var done = await Task.WhenAll(found.Select(row => TakeAndDoAsync(row with { ShardKey = shard }))).ConfigureAwait(false);
        return done.Count(isDone => isDone);
    }

    private async Task<bool> TakeAndDoAsync(FollowUp followUp)
    {
        // The one whose update changes the row has it; the others find another time there.
        var taken = followUp with { Due = After(Patience), Attempts = followUp.Attempts + 1 };
        var isTaken = !_running.ContainsKey((followUp.ShardKey, followUp.Id)) && await _records.RunAsync(followUp.ShardKey, session =>
            session.ExecuteAsync(
                "UPDATE follow_ups SET due = @Due, attempts = @Attempts WHERE id = @Id AND due = @Before",
                new { taken.Due, taken.Attempts, taken.Id, Before = followUp.Due })).ConfigureAwait(false) == 1;
        return isTaken && await DoAsync(taken).ConfigureAwait(false);
    }

    private async Task<bool> DoAsync(FollowUp followUp)
    {
        var key = (followUp.ShardKey, followUp.Id);
        var tried = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_running.TryAdd(key, tried))
            return false;
        using var span = FollowUpCause.Begin(followUp);
        try
        {
            await _handlers[followUp.Kind](followUp).WaitAsync(Patience, _clock).ConfigureAwait(false);
            await _records.RunAsync(followUp.ShardKey, session =>
                session.ExecuteAsync("DELETE FROM follow_ups WHERE id = @Id", new { followUp.Id })).ConfigureAwait(false);
            return true;
        }
        catch (Exception exception)
        {
            span?.SetStatus(ActivityStatusCode.Error);
            _failures.AddOrUpdate(followUp.Kind, 1, static (_, failures) => failures + 1);
            // A shard that is down is logged by itself.
            if (exception is not StoreUnavailableException)
                RecordsLog.FollowUpFailed(_logger, followUp.Kind, followUp.Id, followUp.Attempts + 1, exception);
            await TryPostponeAsync(followUp).ConfigureAwait(false);
            return false;
        }
        finally
        {
            _running.TryRemove(key, out _);
            tried.SetResult();
        }
    }

    private async Task TryPostponeAsync(FollowUp followUp)
    {
        var pause = TimeSpan.FromSeconds(Math.Min(LongestPauseSeconds, 1 << Math.Min(followUp.Attempts, 6)));
        try
        {
            await _records.RunAsync(followUp.ShardKey, session => session.ExecuteAsync(
                "UPDATE follow_ups SET due = @Due WHERE id = @Id", new { Due = After(pause), followUp.Id })).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // Whatever it is, the follow-up is found when it is due as it stands.
        }
    }

    private long After(TimeSpan time) => _clock.NowMs() + (long)time.TotalMilliseconds;
}
