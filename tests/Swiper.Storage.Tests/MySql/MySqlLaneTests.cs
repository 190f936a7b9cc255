using Swiper.Storage.MySql;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Tests.MySql;

[Collection(nameof(MariaDbCollection))]
public sealed class MySqlLaneTests : IDisposable
{
    // For what would otherwise never end.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly string _database;
    private readonly ShardServer _server;
    private readonly ShardConnection _connection;
    private readonly SwipedLaneWriter _writer;
    private readonly Lane<SwipedLaneWriter> _lane;

    public MySqlLaneTests(MariaDbServer mariaDb)
    {
        _database = mariaDb.NewDatabase();
        _server = PatientShard.Server(_database);
        MySqlMigrator.Shard.Migrate(_server, 1);
        _connection = _server.ConnectPatiently();
        _writer = new SwipedLaneWriter(_server);
        _lane = new Lane<SwipedLaneWriter>("test", TestLanes.Threads, _writer);
    }

    public void Dispose()
    {
        _lane.Dispose();
        _writer.Dispose();
        _connection.Dispose();
        _server.Dispose();
    }

    [Fact]
    public async Task What_is_answered_is_there()
    {
        var swipes = Enumerable.Range(0, 3000).Select(i => SwipeRow.Into(_lane, i % 7, i)).ToList();
        await Task.WhenAll(swipes);
        Assert.Equal(3000, _connection.ScalarInt64("SELECT count(*) FROM swiped WHERE uid = sid % 7"));
        Assert.True(_lane.BatchSizes.Batches < 3000);
    }

    [Fact]
    public async Task An_operation_that_throws_fails_alone()
    {
        using var gate = Hold();
        var before = SwipeRow.Into(_lane, 1, 1);
        var bug = InBatch.Into(_lane, writer =>
        {
            writer.Insert(1, 99);
            throw new InvalidOperationException("a bug");
        });
        var after = SwipeRow.Into(_lane, 1, 2);
        gate.Set();
        await Task.WhenAll(before, after);
        await Assert.ThrowsAsync<InvalidOperationException>(() => bug);
        Assert.Equal(3, _connection.ScalarInt64("SELECT sum(sid) FROM swiped"));
    }

    [Fact]
    public async Task Sql_that_is_wrong_fails_its_operation_alone()
    {
        using var gate = Hold();
        var before = SwipeRow.Into(_lane, 1, 1);
        var bug = InBatch.Into(_lane, writer => writer.Connection.Execute("INSERT INTO swiped (uid) VALUES (@p0)", 5L));
        var after = SwipeRow.Into(_lane, 1, 2);
        gate.Set();
        await Task.WhenAll(before, after);
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => bug);
        Assert.Equal(3, _connection.ScalarInt64("SELECT sum(sid) FROM swiped"));
        Assert.True(_server.IsAvailable);
    }

    [Fact]
    public async Task A_deadlock_is_run_again_as_a_whole_batch()
    {
        await Task.WhenAll(SwipeRow.Into(_lane, 1, 1), SwipeRow.Into(_lane, 2, 2));
        // The other transaction has written more, so that the lane's is the one that InnoDB gives up.
        _connection.Begin();
        for (var i = 0; i < 100; i++)
            _connection.Execute("INSERT INTO swiped (uid, sid, kind, at, batch) VALUES (100, @p0, 1, 1, 1)", (long)i);
        _connection.Execute("UPDATE swiped SET kind = 2 WHERE uid = 2 AND sid = 2");
        var attempts = 0;
        using var hasFirst = new ManualResetEventSlim();
        var locked = InBatch.Into(_lane, writer =>
        {
            attempts++;
            writer.Connection.Execute("UPDATE swiped SET at = 5 WHERE uid = 1 AND sid = 1");
            hasFirst.Set();
            writer.Connection.Execute("UPDATE swiped SET at = 5 WHERE uid = 2 AND sid = 2");
            writer.Insert(1, 3);
        });
        hasFirst.Wait(TestContext.Current.CancellationToken);
        _connection.Execute("UPDATE swiped SET kind = 2 WHERE uid = 1 AND sid = 1");
        _connection.Commit();
        await locked;
        Assert.True(attempts > 1);
        Assert.Equal(2, _connection.ScalarInt64("SELECT count(*) FROM swiped WHERE at = 5 AND kind = 2"));
        Assert.Equal(1, _connection.ScalarInt64("SELECT count(*) FROM swiped WHERE uid = 1 AND sid = 3"));
        Assert.True(_server.IsAvailable);
    }

    [Fact]
    public async Task A_lock_that_is_held_for_long_fails_the_batch_and_not_the_shard()
    {
        // Each try waits for the lock for a second, and the last one ends long before the time is up.
        using var server = new ShardServer(0, _database, TimeSpan.FromSeconds(30));
        using var writer = new SwipedLaneWriter(server);
        using var lane = new Lane<SwipedLaneWriter>("soon", TestLanes.Threads, writer);
        await SwipeRow.Into(_lane, 1, 1);
        _connection.Begin();
        _connection.Execute("UPDATE swiped SET kind = 2 WHERE uid = 1 AND sid = 1");
        var blocked = InBatch.Into(lane, writer => writer.Connection.Execute("UPDATE swiped SET kind = 3 WHERE uid = 1 AND sid = 1"));
        await Assert.ThrowsAsync<Core.Dispatch.StoreUnavailableException>(() => blocked);
        Assert.True(server.IsAvailable);
        await SwipeRow.Into(lane, 1, 2);
        _connection.Commit();
        Assert.Equal(2, _connection.ScalarInt64("SELECT kind FROM swiped WHERE uid = 1 AND sid = 1"));
    }

    [Fact]
    public async Task A_connection_that_is_killed_between_batches_is_not_noticed()
    {
        long id = 0;
        await InBatch.Into(_lane, writer => id = writer.Connection.ScalarInt64("SELECT connection_id()")!.Value);
        _connection.ExecuteText($"KILL {id}");
        await SwipeRow.Into(_lane, 1, 1);
        Assert.Equal(1, _connection.ScalarInt64("SELECT count(*) FROM swiped"));
    }

    [Fact]
    public async Task A_batch_whose_connection_is_killed_runs_again_from_its_beginning()
    {
        var attempts = 0;
        await InBatch.Into(_lane, writer =>
        {
            writer.Connection.Execute("INSERT INTO swiped (uid, sid, kind, at, batch) VALUES (1, @p0, 1, 1, 1)", (long)attempts);
            if (attempts++ == 0)
                _connection.ExecuteText($"KILL {writer.Connection.ScalarInt64("SELECT connection_id()")}");
            writer.Insert(1, 7);
        });
        Assert.Equal(2, attempts);
        Assert.Equal(8, _connection.ScalarInt64("SELECT sum(sid) FROM swiped"));
    }

    [Fact]
    public async Task Reads_that_wait_are_joined_and_each_gets_its_own_answer()
    {
        await Task.WhenAll(Enumerable.Range(0, 500).Select(i => SwipeRow.Into(_lane, i, i)));
        SwipedLaneReader? only = null;
        using var readers = new ReaderLanes<SwipedLaneReader>(() => only = new SwipedLaneReader(_server), count: 1);
        only!.MayAsk.Reset();
        var first = SwipeKind.From(readers, 0, 0);
        var rest = Enumerable.Range(0, 999).Select(i => SwipeKind.From(readers, i / 2, i / 2 + (i % 2))).ToList();
        only.MayAsk.Set();
        Assert.Equal(1, await first);
        Assert.Equal(Enumerable.Range(0, 999).Select(i => i % 2 == 0 ? 1L : 0L), await Task.WhenAll(rest));
        Assert.True(readers.BatchSizes.Single().Batches <= 3);
    }

    [Fact]
    public async Task A_read_goes_to_the_reader_that_has_less_to_do()
    {
        var all = new List<SwipedLaneReader>();
        using var readers = new ReaderLanes<SwipedLaneReader>(() =>
        {
            all.Add(new SwipedLaneReader(_server));
            return all[^1];
        });
        all.ForEach(reader => reader.MayAsk.Reset());
        var held = SwipeKind.From(readers, 1, 1);
        try
        {
            var other = SwipeKind.From(readers, 1, 2);
            Assert.All(all, reader => Assert.True(reader.IsAsked.Wait(Patience, TestContext.Current.CancellationToken)));
            // Of two with as much to do it is the first one that gets the next read. With two it stays busier than the other, which may
            // for a moment still count the read that it has just answered.
            var queued = SwipeKind.From(readers, 1, 3);
            all[1].MayAsk.Set();
            Assert.Equal(0, await other);
            for (var i = 0; i < 20; i++)
                Assert.Equal(0, await SwipeKind.From(readers, 1, i).WaitAsync(Patience, TestContext.Current.CancellationToken));
            Assert.False(held.IsCompleted || queued.IsCompleted);
        }
        finally
        {
            all.ForEach(reader => reader.MayAsk.Set());
        }

        Assert.Equal(0, await held);
    }

    [Fact]
    public async Task After_a_stop_writes_and_reads_fail()
    {
        var readers = new ReaderLanes<SwipedLaneReader>(() => new SwipedLaneReader(_server));
        readers.Dispose();
        _lane.Stop();
        await Assert.ThrowsAsync<Core.Dispatch.StoreUnavailableException>(() => SwipeKind.From(readers, 1, 1));
        await Assert.ThrowsAsync<Core.Dispatch.StoreUnavailableException>(() => SwipeRow.Into(_lane, 1, 1));
    }

    /// <summary>Holds the lane in a batch of its own until the event is set.</summary>
    private ManualResetEventSlim Hold()
    {
        var gate = new ManualResetEventSlim();
        using var reached = new ManualResetEventSlim();
        _ = InBatch.Into(_lane, _ =>
        {
            reached.Set();
            gate.Wait();
        });
        reached.Wait();
        return gate;
    }
}
