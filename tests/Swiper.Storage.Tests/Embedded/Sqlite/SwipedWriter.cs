using Swiper.Storage.Embedded.Sqlite;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Tests.Embedded.Sqlite;

/// <summary>A shard writer with one statement, as an engine would derive it.</summary>
internal sealed class SwipedWriter(SqliteConnection connection) : SqliteShardWriter(connection)
{
    private readonly SqliteStatement _insert = connection.Prepare("INSERT INTO swiped (uid, sid, kind, at) VALUES (?, ?, 1, 1)"u8);

    public void Insert(long uid, long sid)
    {
        _insert.Bind(1, uid);
        _insert.Bind(2, sid);
        _insert.Run();
    }
}

/// <summary>Holds a lane in the middle of a batch until it is released.</summary>
internal sealed class Gate : LaneOperation<SwipedWriter>, IDisposable
{
    private readonly ManualResetEventSlim _reached = new();
    private readonly ManualResetEventSlim _released = new();

    public void WaitUntilReached() => _reached.Wait();

    public void Release() => _released.Set();

    public void Dispose()
    {
        _reached.Dispose();
        _released.Dispose();
    }

    protected internal override void Execute(SwipedWriter writer)
    {
        _reached.Set();
        _released.Wait();
    }

    protected internal override void Committed()
    {
    }

    protected internal override void Failed(Exception exception)
    {
    }
}

/// <summary>One swipe.</summary>
internal sealed class InsertSwiped : PooledLaneOperation<InsertSwiped, SwipedWriter, long>
{
    private long _uid;
    private long _sid;

    public static ValueTask<long> Into(Lane<SwipedWriter> lane, long uid, long sid)
    {
        var operation = RentInstance();
        operation._uid = uid;
        operation._sid = sid;
        lane.Enqueue(operation);
        return operation.AsValueTask();
    }

    public static void IntoAndForget(Lane<SwipedWriter> lane, long uid, long sid)
    {
        var operation = RentInstance();
        operation._uid = uid;
        operation._sid = sid;
        operation.Forget();
        lane.Enqueue(operation);
    }

    protected internal override void Execute(SwipedWriter writer) => writer.Insert(_uid, _sid);

    protected override bool TryPublish(out long result)
    {
        result = _sid;
        return true;
    }
}
