using Swiper.Storage.Embedded.Sqlite;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Tests.Embedded.Sqlite;

/// <summary>Counts the whole process, so nothing runs beside it.</summary>
[CollectionDefinition(nameof(CountsTheWholeProcess), DisableParallelization = true)]
public sealed class CountsTheWholeProcess;

[Collection(nameof(CountsTheWholeProcess))]
public sealed class SqliteLaneGarbageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteConnection _connection;
    private readonly Lane<SwipedWriter> _lane;

    public SqliteLaneGarbageTests()
    {
        _connection = SqliteConnection.OpenWriter(_folder.File("a.db"));
        SqliteMigrator.Shard.Migrate(_connection);
        _lane = new Lane<SwipedWriter>("test", new SwipedWriter(_connection));
    }

    public void Dispose()
    {
        _lane.Dispose();
        _connection.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Enqueuing_allocates_nothing_on_the_callers_thread()
    {
        const int Rows = 2000;
        // Both of the lane's lists and the pool grow to what the test needs.
        using var first = new Gate();
        using var second = new Gate();
        _lane.Enqueue(first);
        first.WaitUntilReached();
        _lane.Enqueue(second);
        Enqueue(0, Rows);
        first.Release();
        second.WaitUntilReached();
        Enqueue(Rows, Rows);
        second.Release();
        using var third = new Gate();
        _lane.Enqueue(third);
        third.WaitUntilReached();

        // The least of some parts, for the reason that Garbage gives.
        const int Part = Rows / 4;
        Assert.Equal(0, Enumerable.Range(0, 4).Min(part =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Enqueue(2 * Rows + part * Part, Part);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }));
        third.Release();
        _lane.Stop();
        Assert.Equal(3 * Rows, _connection.ReadInt64("SELECT count(*) FROM swiped"));
    }

    [Fact]
    public void An_awaited_row_allocates_nothing_on_any_thread()
    {
        const int Rows = 20_000;
        using var closedLoop = new ClosedLoop([_lane], callers: 64);
        closedLoop.Run(Rows);
        // The least of a few, because the runtime itself allocates now and then: a byte a row would be 20,000 each time.
        var least = Enumerable.Range(0, 3).Min(_ =>
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            closedLoop.Run(Rows);
            return GC.GetTotalAllocatedBytes(precise: true) - before;
        });
        Assert.True(least < 1024, $"{least} bytes for {Rows} rows");
    }

    private void Enqueue(int from, int rows)
    {
        for (var i = 0; i < rows; i++)
            InsertSwiped.IntoAndForget(_lane, 1, from + i);
    }
}
