using Swiper.Storage.Embedded.Sqlite;
using Swiper.Storage.Sharding;

namespace Swiper.Bench.Lanes;

/// <summary>Writes rows of random pairs into the table of swipes.</summary>
internal sealed class SwipedRows(SqliteConnection connection) : SqliteShardWriter(connection)
{
    private readonly SqliteStatement _insert = connection.Prepare("INSERT INTO swiped (uid, sid, kind, at) VALUES (?, ?, 1, 1)"u8);
    private readonly Random _random = new();

    public void Insert()
    {
        _insert.Bind(1, _random.NextInt64());
        _insert.Bind(2, _random.NextInt64());
        _insert.Run();
    }
}

/// <summary>One row.</summary>
internal sealed class InsertRow : PooledLaneOperation<InsertRow, SwipedRows, int>
{
    public static ValueTask<int> Through(Lane<SwipedRows> lane)
    {
        var operation = RentInstance();
        lane.Enqueue(operation);
        return operation.AsValueTask();
    }

    protected internal override void Execute(SwipedRows writer) => writer.Insert();

    protected override bool TryPublish(out int result)
    {
        result = 0;
        return true;
    }
}
