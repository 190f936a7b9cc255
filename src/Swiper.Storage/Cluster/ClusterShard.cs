using System.Data.Common;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Storage.Cluster.Social;
using Swiper.Storage.MySql;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Cluster;

/// <summary>One shard as seen by this host: its writing lane, its readers, and its unsettled batches of swipes.</summary>
internal sealed class ClusterShard : IDisposable
{
    // A login takes several statements: a larger batch of them might not finish within a deadline.
    private const int MostOperations = 512;

    private readonly LogPace _refusals;
    private ShardWriter? _writer;
    private Lane<ShardWriter>? _lane;
    private ReaderLanes<ShardReader>? _readers;

    public ClusterShard(ClusterEngine engine, ShardServer server)
    {
        Engine = engine;
        Server = server;
        Journal = new Journal(this);
        _refusals = new LogPace(engine.Clock);
    }

    public ClusterEngine Engine { get; }

    public ShardServer Server { get; }

    public int Number => Server.Number;

    public Journal Journal { get; }

    public OpenBatches OpenBatches { get; } = new();

    public Lane<ShardWriter> Lane => _lane ?? throw NotStarted();

    /// <summary>Batched point reads.</summary>
    public ReaderLanes<ShardReader> Readers => _readers ?? throw NotStarted();

    /// <summary>Starts reading and writing the shard.</summary>
    public void Start()
    {
        _writer = new ShardWriter(this);
        _lane = new Lane<ShardWriter>($"shard {Number}", _writer, new SwipeBatches(this, _writer), ReplyFlushing.Instance, MostOperations);
        // Recover at once what a former holder of this node number, mostly this host before a restart, left unsettled.
        _lane.Enqueue(TakeLaneOperation.Rent());
        _readers = new ReaderLanes<ShardReader>(
            () => new ShardReader(this), completions: ReplyFlushing.Instance, faulted: exception => Engine.Faulted(Number, exception));
        Journal.Start();
    }

    /// <summary>Runs a query on a pooled connection, so that point reads, which swipes wait for, don't queue behind it.</summary>
    /// <exception cref="StoreUnavailableException">The shard can't be read now.</exception>
    public async ValueTask<TResult> ReadAsync<TArgument, TResult>(TArgument argument, Func<DbConnection, TArgument, Task<TResult>> query)
    {
        try
        {
            return await Server.QueryAsync(argument, query).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not StoreUnavailableException
            && TransientErrors.KindOf(exception) != ShardFailure.None)
        {
            Refused(exception);
            throw new StoreUnavailableException("The store is unavailable.", exception);
        }
    }

    /// <inheritdoc cref="LikesBackRead"/>
    public ValueTask<NoData> ReadAsync(LikesBackRead read)
    {
        var outcome = read.AsValueTask();
        Readers.Enqueue(read);
        return outcome;
    }

    /// <inheritdoc cref="CloseOperation"/>
    public ValueTask<bool> CloseAsync(CloseOperation close)
    {
        var outcome = close.AsValueTask();
        Lane.Enqueue(close);
        return outcome;
    }

    /// <summary>
    /// Logs, at most once a minute, why a reachable shard rejected a request. Its breaker stays closed, so nothing else would log it, and
    /// the caller gets 1004.
    /// </summary>
    public void Refused(Exception exception)
    {
        var cause = exception is StoreUnavailableException ? exception.InnerException : exception;
        if (cause is null or StoreUnavailableException || TransientErrors.KindOf(cause) != ShardFailure.Refused)
            return;
        if (_refusals.IsDue())
            StorageLog.ShardRefuses(Engine.Logger, Number, cause);
    }

    /// <summary>Commits what is queued; later writes fail.</summary>
    public void Stop()
    {
        Journal.Dispose();
        _readers?.Stop();
        _lane?.Stop();
    }

    public void Dispose()
    {
        _readers?.Dispose();
        _writer?.Dispose();
        Server.Dispose();
    }

    private static InvalidOperationException NotStarted() => new("The engine has not started.");
}
