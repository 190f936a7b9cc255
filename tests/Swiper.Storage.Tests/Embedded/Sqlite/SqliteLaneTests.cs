using Swiper.Core.Dispatch;
using Swiper.Storage.Embedded.Sqlite;
using Swiper.Storage.Sharding;
using Swiper.Storage.Tests.Sharding;

namespace Swiper.Storage.Tests.Embedded.Sqlite;

public sealed class SqliteLaneTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteConnection _connection;
    private readonly SwipedWriter _writer;

    public SqliteLaneTests()
    {
        _connection = SqliteConnection.OpenWriter(_folder.File("a.db"));
        SqliteMigrator.Shard.Migrate(_connection);
        _writer = new SwipedWriter(_connection);
    }

    public void Dispose()
    {
        _connection.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task What_has_been_answered_can_be_read()
    {
        using var lane = new Lane<SwipedWriter>("test", TestLanes.Threads, _writer);
        using var reader = SqliteConnection.OpenReader(_folder.File("a.db"));
        for (var sid = 1; sid <= 50; sid++)
        {
            await InsertSwiped.Into(lane, 1, sid).OffTheLane();
            Assert.Equal(sid, reader.ReadInt64("SELECT count(*) FROM swiped"));
        }
    }

    [Fact]
    public async Task A_broken_rule_fails_alone_and_its_neighbours_are_written()
    {
        using var lane = new Lane<SwipedWriter>("test", TestLanes.Threads, _writer);
        using var gate = new Gate();
        lane.Enqueue(gate);
        gate.WaitUntilReached();
        var first = InsertSwiped.Into(lane, 1, 1).OffTheLane();
        var twice = InsertSwiped.Into(lane, 1, 1).OffTheLane();
        var last = InsertSwiped.Into(lane, 1, 2).OffTheLane();
        gate.Release();
        await first;
        await last;
        Assert.False((await Assert.ThrowsAsync<SqliteException>(() => twice)).IsStorageFailure);
        await InsertSwiped.Into(lane, 1, 3).OffTheLane();
        lane.Stop();
        Assert.Equal(3, _connection.ReadInt64("SELECT count(*) FROM swiped"));
    }

    [Fact]
    public async Task A_bug_between_two_rows_of_a_query_leaves_no_trace()
    {
        using var lane = new Lane<SwipedWriter>("test", TestLanes.Threads, _writer);
        var query = _connection.Prepare("SELECT sid FROM swiped"u8);
        await InsertSwiped.Into(lane, 1, 1).OffTheLane();
        await InsertSwiped.Into(lane, 1, 2).OffTheLane();
        var buggy = new Custom(writer =>
        {
            writer.Insert(2, 1);
            Assert.True(query.Step());
            throw new InvalidOperationException();
        });
        lane.Enqueue(buggy);
        await Assert.ThrowsAsync<InvalidOperationException>(() => buggy.Done);
        await InsertSwiped.Into(lane, 1, 3).OffTheLane();
        lane.Stop();
        Assert.Equal(3, _connection.ReadInt64("SELECT count(*) FROM swiped"));
    }

    [Fact]
    public async Task A_full_disk_fails_the_batch_and_space_makes_the_next_one_succeed()
    {
        using var lane = new Lane<SwipedWriter>("test", TestLanes.Threads, _writer);
        await InsertSwiped.Into(lane, 1, 1).OffTheLane();
        // SQLite's own limit is a real SQLITE_FULL, from the same place in the pager as a full disk's.
        await Run(lane, writer => writer.Connection.Execute("PRAGMA max_page_count = 1"));

        using var gate = new Gate();
        lane.Enqueue(gate);
        gate.WaitUntilReached();
        var small = InsertSwiped.Into(lane, 1, 2).OffTheLane();
        var large = new Custom(writer =>
            writer.Connection.Execute("INSERT INTO meta (key, value) VALUES (hex(randomblob(8)), hex(zeroblob(500000)))"));
        lane.Enqueue(large);
        gate.Release();
        Assert.True(Assert.IsType<SqliteException>((await Assert.ThrowsAsync<StoreUnavailableException>(() => small)).InnerException)
            .IsFull);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => large.Done);

        await Run(lane, writer => writer.Connection.Execute("PRAGMA max_page_count = 100000"));
        await Run(lane, writer =>
            writer.Connection.Execute("INSERT INTO meta (key, value) VALUES (hex(randomblob(8)), hex(zeroblob(500000)))"));
        await InsertSwiped.Into(lane, 1, 3).OffTheLane();
        lane.Stop();
        Assert.Equal("1,3", _connection.ReadText("SELECT group_concat(sid) FROM swiped"));
        Assert.Equal("ok", _connection.ReadText("PRAGMA integrity_check"));
    }

    [Fact]
    public async Task A_file_that_another_program_locks_is_unavailable_at_once_and_comes_back()
    {
        using var lane = new Lane<SwipedWriter>("test", TestLanes.Threads, _writer);
        using (var other = SqliteConnection.OpenWriter(_folder.File("a.db")))
        {
            other.Execute("BEGIN IMMEDIATE");
            await Assert.ThrowsAsync<StoreUnavailableException>(async () => await InsertSwiped.Into(lane, 1, 1).OffTheLane());
            other.Execute("ROLLBACK");
            await InsertSwiped.Into(lane, 1, 1).OffTheLane();
        }
    }

    private static Task Run(Lane<SwipedWriter> lane, Action<SwipedWriter> action)
    {
        var operation = new Custom(action);
        lane.Enqueue(operation);
        return operation.Done;
    }

    private sealed class Custom(Action<SwipedWriter> action) : LaneOperation<SwipedWriter>
    {
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Done => _done.Task;

        protected internal override void Execute(SwipedWriter writer) => action(writer);

        protected internal override void Committed() => _done.SetResult();

        protected internal override void Failed(Exception exception) => _done.SetException(exception);
    }
}
