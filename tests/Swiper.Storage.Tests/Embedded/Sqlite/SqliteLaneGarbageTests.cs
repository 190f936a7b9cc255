using Swiper.Storage.Embedded.Sqlite;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Tests.Embedded.Sqlite;

public sealed class SqliteLaneGarbageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteConnection _connection;
    private readonly Lane<SwipedWriter> _lane;

    public SqliteLaneGarbageTests()
    {
        _connection = SqliteConnection.OpenWriter(_folder.File("a.db"));
        SqliteMigrator.Shard.Migrate(_connection);
        _lane = new Lane<SwipedWriter>("test", TestLanes.Threads, new SwipedWriter(_connection));
    }

    public void Dispose()
    {
        _lane.Dispose();
        _connection.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)] // others are, but not these
    public void Enqueuing_allocates_nothing_on_the_callers_thread(bool areTraced)
    {
        using var spans = areTraced ? new RecordedSpans() : null;
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

    private void Enqueue(int from, int rows)
    {
        for (var i = 0; i < rows; i++)
            InsertSwiped.IntoAndForget(_lane, 1, from + i);
    }
}
