using Swiper.Storage.MySql;
using Swiper.Storage.Sharding;
using Swiper.Storage.Tests.Sharding;

namespace Swiper.Storage.Tests.MySql;

/// <summary>A lane writer with one table, as the engine derives its own.</summary>
internal sealed class SwipedLaneWriter(ShardServer server) : MySqlLaneWriter(server)
{
    private readonly MultiRowInsert _swiped =
        new("INSERT INTO swiped (uid, sid, kind, at, batch) VALUES", 5, " ON DUPLICATE KEY UPDATE uid = uid", keyColumns: 2);

    /// <summary>Attempts that got as far as sending.</summary>
    public int Flushes { get; private set; }

    /// <summary>Attempts that began, on whatever thread.</summary>
    public int Rollbacks { get; private set; }

    public void Insert(long uid, long sid) => _swiped.Add(uid, sid, 1, 1, 1);

    protected override void Flush()
    {
        Flushes++;
        _swiped.Execute(Connection);
    }

    protected override void Forget()
    {
        Rollbacks++;
        _swiped.Clear();
    }
}

/// <summary>One swipe.</summary>
internal sealed class SwipeRow : PooledLaneOperation<SwipeRow, SwipedLaneWriter, long>
{
    private long _uid;
    private long _sid;

    public static Task<long> Into(Lane<SwipedLaneWriter> lane, long uid, long sid)
    {
        var operation = RentInstance();
        operation._uid = uid;
        operation._sid = sid;
        lane.Enqueue(operation);
        return operation.AsValueTask().OffTheLane();
    }

    protected internal override void Execute(SwipedLaneWriter writer) => writer.Insert(_uid, _sid);

    protected override bool TryPublish(out long result)
    {
        result = _sid;
        return true;
    }
}

/// <summary>Does as it is told inside a batch.</summary>
internal sealed class InBatch(Action<SwipedLaneWriter> execute) : LaneOperation<SwipedLaneWriter>
{
    private readonly TaskCompletionSource _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Outcome => _outcome.Task;

    public static Task Into(Lane<SwipedLaneWriter> lane, Action<SwipedLaneWriter> execute)
    {
        var operation = new InBatch(execute);
        lane.Enqueue(operation);
        return operation.Outcome;
    }

    protected internal override void Execute(SwipedLaneWriter writer) => execute(writer);

    protected internal override void Committed() => _outcome.SetResult();

    protected internal override void Failed(Exception exception) => _outcome.SetException(exception);
}

/// <summary>A lane reader with one question, as the engine derives its own.</summary>
internal sealed class SwipedLaneReader(ShardServer server) : MySqlLaneReader(server)
{
    private readonly KeyedSelect _swiped = new("SELECT uid, sid, kind FROM swiped WHERE (uid, sid) IN", 2);
    private readonly Dictionary<(long, long), long> _found = [];

    /// <summary>Holds the next batch until it is set.</summary>
    public ManualResetEventSlim MayAsk { get; } = new(true);

    /// <summary>Set once a batch has come.</summary>
    public ManualResetEventSlim IsAsked { get; } = new();

    public void Ask(long uid, long sid) => _swiped.Add(uid, sid);

    public long KindOf(long uid, long sid) => _found.GetValueOrDefault((uid, sid));

    protected internal override ValueTask FlushAsync()
    {
        IsAsked.Set();
        MayAsk.Wait();
        _found.Clear();
        return _swiped.ExecuteAsync(Connection, _found, static (row, found) =>
            found.Add((row.GetInt64(0), row.GetInt64(1)), row.GetInt64(2)));
    }

    protected internal override void Forget() => _swiped.Clear();
}

/// <summary>The kind of one swipe, 0 where there is none.</summary>
internal sealed class SwipeKind : PooledLaneOperation<SwipeKind, SwipedLaneReader, long>
{
    private SwipedLaneReader? _reader;
    private long _uid;
    private long _sid;

    public static Task<long> From(ReaderLanes<SwipedLaneReader> lanes, long uid, long sid)
    {
        var operation = RentInstance();
        operation._uid = uid;
        operation._sid = sid;
        lanes.Enqueue(operation);
        return operation.AsValueTask().OffTheLane();
    }

    protected internal override void Execute(SwipedLaneReader writer)
    {
        _reader = writer;
        writer.Ask(_uid, _sid);
    }

    protected override bool TryPublish(out long result)
    {
        result = _reader!.KindOf(_uid, _sid);
        return true;
    }
}
