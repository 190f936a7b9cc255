using Swiper.Core.Diagnostics;
using Swiper.Core.Dispatch;
using Swiper.Storage.Embedded.Indexes;
using Swiper.Storage.Embedded.Sqlite;
using Swiper.Storage.Metrics;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Embedded;

/// <summary>One shard of the embedded engine: its file, the lane that writes it, and the indexes of its users' swipes.</summary>
internal sealed class EmbeddedShard : IDisposable
{
    /// <summary>Longer than any disk but one that hangs needs for a write.</summary>
    public static readonly TimeSpan DiskPatience = TimeSpan.FromSeconds(3);

    private const int ReadersEach = 4;

    private readonly LogPace _readFailures;
    private Lane<ShardWriter>? _lane;
    private volatile Exception? _failure;

    private readonly ShardIndexes _indexes;

    public EmbeddedShard(int number, EmbeddedEngine engine, DataFolder folder, ShardIndexes indexes)
    {
        Number = number;
        Engine = engine;
        _indexes = indexes;
        _readFailures = new LogPace(TimeSpan.FromMinutes(1), engine.Clock);
        Writer = new ShardWriter(folder.WriterOf(number), this, indexes.TakenBack);
        Readers = folder.OpenReaders(number, ReadersEach, static connection => connection);
    }

    public int Number { get; }

    public EmbeddedEngine Engine { get; }

    /// <summary>
    /// Guards <see cref="Swiped"/> and <see cref="Likers"/>. No other lock of a shard is taken under it.
    /// </summary>
    public Lock Gate { get; } = new();

    /// <summary>The swipes made by this shard's users.</summary>
    public SwipedIndex Swiped => _indexes.Swiped;

    /// <summary>What this shard's users did last. Owned by the lane's thread once the lane has started.</summary>
    public SwiperStates Swipers => _indexes.Swipers;

    /// <summary>Those who like this shard's users and were not swiped by them.</summary>
    public LikersIndex Likers => _indexes.Likers;

    /// <summary>Owned by the lane once the lane has started.</summary>
    public ShardWriter Writer { get; }

    public SqliteReaders<SqliteConnection> Readers { get; }

    public Lane<ShardWriter> Lane => _lane ?? throw new InvalidOperationException("The engine has not started.");

    /// <summary>Why the last write was refused; null if it was taken.</summary>
    public Exception? Failure => _failure;

    /// <summary>Whether the disk does not get done with a write.</summary>
    public bool IsHung => Lane.AtWorkFor > DiskPatience;

    /// <summary>Starts taking writes.</summary>
    public void Start(LaneThreads threads, LaneHooks<ShardWriter> hooks, LaneMeter meter) =>
        _lane = new Lane<ShardWriter>(
            $"shard {Number}", threads, Writer, hooks, ReplyFlushing.Instance, meter: meter, clock: Engine.Clock);

    /// <summary>Reads from the file on a pool thread, because a read may wait for the disk.</summary>
    /// <exception cref="StoreUnavailableException">The file can't be read now.</exception>
    public Task<TResult> ReadAsync<TArgument, TResult>(
        TArgument argument, Func<SqliteConnection, TArgument, TResult> read) => Task.Run(() =>
    {
        try
        {
            using var span = Spans.Begin("query");
            using var lease = Readers.Rent();
            return read(lease.Reader, argument);
        }
        catch (SqliteException exception) when (exception.IsStorageFailure)
        {
            throw ReadFailed(exception.ToUnavailable());
        }
        catch (TimeoutException exception)
        {
            throw ReadFailed(new StoreUnavailableException("The store is busy.", exception));
        }
    });

    /// <summary>Called by the lane after a batch that the store refused.</summary>
    public void WriteFailed(Exception exception)
    {
        if (_failure is null)
            Engine.WritingChanged(this, exception);
        _failure = exception;
    }

    /// <summary>Called by the lane after a committed batch.</summary>
    public void WriteSucceeded()
    {
        if (_failure is not null)
            Engine.WritingChanged(this, null);
        _failure = null;
    }

    /// <summary>Commits what is queued; later writes fail.</summary>
    public void Stop() => _lane?.Stop();

    public void Dispose()
    {
        Stop();
        Readers.Dispose();
    }

    private StoreUnavailableException ReadFailed(StoreUnavailableException unavailable)
    {
        if (_readFailures.TryTake(out _))
            Engine.ReadFailed(this, unavailable);
        return unavailable;
    }
}
