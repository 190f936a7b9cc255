using System.Data.Common;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Swiper.Core.Diagnostics;
using Swiper.Core.Dispatch;
using Swiper.Storage.Cluster.Social;
using Swiper.Storage.Metrics;
using Swiper.Storage.MySql;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Cluster;

/// <summary>One shard as seen by this host: its writing lane, its readers, and its unsettled batches of swipes.</summary>
internal sealed class ClusterShard : IDisposable
{
    // A login takes several statements: a larger batch of them might not finish within a deadline.
    private const int MostOperations = 512;

    // With one, a work that waits for another transaction's row would hold up all others; with more, fewer works share a commit.
    private const int RecordLaneCount = 2;

    /// <summary>
    /// The most connections that a host has to a shard: those of the server, its readers, and the lanes of records and swipes.
    /// </summary>
    public const int MostConnections = ShardServer.MostConnections + ReaderLanes<ShardReader>.DefaultCount + RecordLaneCount + 1;

    private readonly ILogger _logger;
    private readonly TimeProvider _clock;
    private readonly LogPace _refusals;
    private long _refusedAt;
    private Journal? _journal;
    private ShardWriter? _writer;
    private Lane<ShardWriter>? _lane;
    private ReaderLanes<ShardReader>? _readers;
    private (RecordWriter Writer, Lane<RecordWriter> Lane)[]? _records;

    public ClusterShard(ShardServer server, TimeProvider clock, ILogger logger)
    {
        Server = server;
        _clock = clock;
        _logger = logger;
        _refusals = new LogPace(TimeSpan.FromMinutes(1), clock);
    }

    public ShardServer Server { get; }

    public int Number => Server.Number;

    public Journal Journal => _journal ?? throw NotStarted();

    public OpenBatches OpenBatches { get; } = new();

    public Lane<ShardWriter> Lane => _lane ?? throw NotStarted();

    /// <summary>Batched point reads.</summary>
    public ReaderLanes<ShardReader> Readers => _readers ?? throw NotStarted();

    /// <summary>The lanes of records.</summary>
    public IEnumerable<Lane<RecordWriter>> RecordLanes => Records.Select(records => records.Lane);

    /// <summary>The lane for the records of a key.</summary>
    public Lane<RecordWriter> RecordLaneOf(long key) => Records[(int)((ulong)key / ShardMap.Buckets % RecordLaneCount)].Lane;

    /// <summary>Starts reading and writing the shard.</summary>
    /// <param name="threads">Those of the lanes of swipes.</param>
    /// <param name="recordThreads">Those of the lanes of records, for which no swipe has to wait.</param>
    /// <param name="path">What the swipes' own lane needs.</param>
    /// <param name="meter">Where the lanes record their batches.</param>
    public void Start(LaneThreads threads, LaneThreads recordThreads, SwipePath path, StorageMeter meter)
    {
        _records = [.. Enumerable.Range(0, RecordLaneCount).Select(number =>
        {
            var writer = new RecordWriter(Server, path.Node, path.Clock);
            var name = $"records {number} of shard {Number}";
            return (writer, new Lane<RecordWriter>(
                name, recordThreads, writer, new RecordHooks(this), ReplyFlushing.Instance, RecordWriter.MostWorks,
                meter.OfLane(Number, "records")));
        })];
        _journal = new Journal(path, this);
        _writer = new ShardWriter(path, this);
        _lane = new Lane<ShardWriter>(
            $"shard {Number}", threads, _writer, new ShardHooks(this, _writer.Swipes), ReplyFlushing.Instance, MostOperations,
            meter.OfLane(Number, "write"));
        // Recover at once what a former holder of this node number, mostly this host before a restart, left unsettled.
        _lane.Enqueue(TakeLaneOperation.Rent());
        _readers = new ReaderLanes<ShardReader>(
            () => new ShardReader(this), completions: ReplyFlushing.Instance, faulted: Faulted);
        _journal.Start();
    }

    /// <summary>Runs a query on a pooled connection, so that point reads, which swipes wait for, don't queue behind it.</summary>
    /// <exception cref="StoreUnavailableException">The shard can't be read now.</exception>
    public ValueTask<TResult> ReadAsync<TArgument, TResult>(TArgument argument, Func<DbConnection, TArgument, Task<TResult>> query) =>
        TranslateAsync(BeginSpan("query"), Server.QueryAsync(argument, query));

    /// <inheritdoc cref="ShardServer.TransactAsync"/>
    public ValueTask<TResult> TransactAsync<TResult>(Func<DbConnection, Task<(TResult Result, string? Last)>> work) =>
        TranslateAsync(BeginSpan("transaction"), Server.TransactAsync(work));

    /// <summary>
    /// Logs, at most once a minute, why a reachable shard rejected a request. Its breaker stays closed, so nothing else would log it, and
    /// the caller gets 1004.
    /// </summary>
    public void Refused(Exception exception)
    {
        var cause = exception is StoreUnavailableException ? exception.InnerException : exception;
        if (cause is null or StoreUnavailableException || TransientErrors.KindOf(cause) != ShardFailure.Refused)
            return;
        Volatile.Write(ref _refusedAt, _clock.GetTimestamp());
        if (_refusals.TryTake(out _))
            StorageLog.ShardRefuses(_logger, Number, cause);
    }

    /// <summary>Whether it has rejected a request so recently.</summary>
    public bool RefusedWithin(TimeSpan time) => Volatile.Read(ref _refusedAt) is not 0 and var at && _clock.GetElapsedTime(at) < time;

    /// <summary>Logs an unexpected exception.</summary>
    public void Faulted(Exception exception) => StorageLog.LaneFaulted(_logger, Number, exception);

    /// <summary>Commits what is queued; later writes fail.</summary>
    public void Stop()
    {
        _journal?.Dispose();
        _readers?.Stop();
        _lane?.Stop();
        foreach (var (_, lane) in _records ?? [])
            lane.Stop();
    }

    public void Dispose()
    {
        _readers?.Dispose();
        _writer?.Dispose();
        foreach (var (writer, _) in _records ?? [])
            writer.Dispose();
        Server.Dispose();
    }

    // Before the call, much of which may be over when it returns.
    private Activity? BeginSpan(string name) =>
        Spans.BeginApart(name, Spans.Current, ActivityKind.Client)?.SetTag("db.system.name", "mysql").SetTag("swiper.shard", Number);

    private async ValueTask<TResult> TranslateAsync<TResult>(Activity? span, ValueTask<TResult> call)
    {
        var failed = true;
        try
        {
            var result = await call.ConfigureAwait(false);
            failed = false;
            return result;
        }
        catch (Exception exception) when (exception is not StoreUnavailableException
            && TransientErrors.KindOf(exception) != ShardFailure.None)
        {
            Refused(exception);
            throw new StoreUnavailableException("The store is unavailable.", exception);
        }
        finally
        {
            Spans.End(span, failed);
        }
    }

    private (RecordWriter Writer, Lane<RecordWriter> Lane)[] Records => _records ?? throw NotStarted();

    private static InvalidOperationException NotStarted() => new("The engine has not started.");
}
