using System.Collections.Concurrent;
using Dapper;
using Swiper.Core.Dispatch;
using Swiper.Storage.MySql;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Tests.MySql;

/// <summary>A server that is killed, hangs, or has no connection left, and what a shard's lanes make of it.</summary>
[Collection(nameof(FailingMariaDbCollection))]
public sealed class FailingMariaDbTests : IDisposable
{
    private readonly MariaDbServer _mariaDb;
    private readonly ShardServer _server;
    private readonly SwipedLaneWriter _writer;
    private readonly Lane<SwipedLaneWriter> _lane;
    private readonly ConcurrentQueue<string> _changes = new();
    private readonly SemaphoreSlim _failed = new(0);
    private readonly SemaphoreSlim _recovered = new(0);

    public FailingMariaDbTests(MariaDbServer mariaDb)
    {
        _mariaDb = mariaDb;
        _server = new ShardServer(0, mariaDb.NewDatabase(), TimeSpan.FromSeconds(10), Changed);
        MySqlMigrator.Shard.Migrate(_server, 1);
        _writer = new SwipedLaneWriter(_server);
        _lane = new Lane<SwipedLaneWriter>("test", TestLanes.Threads, _writer);
    }

    public void Dispose()
    {
        _lane.Dispose();
        _writer.Dispose();
        _server.Dispose();
        _failed.Dispose();
        _recovered.Dispose();
    }

    [Fact]
    public async Task A_server_killed_under_writes_loses_nothing_that_was_answered_and_writes_nothing_twice()
    {
        const int Writers = 16;
        var answered = new ConcurrentBag<(long Uid, long Sid)>();
        using var stop = new CancellationTokenSource();
        using var some = new SemaphoreSlim(0);
        var writers = Enumerable.Range(0, Writers).Select(uid => Task.Run(async () =>
        {
            for (var sid = 0L; !stop.IsCancellationRequested; sid++)
            {
                try
                {
                    await SwipeRow.Into(_lane, uid, sid);
                    answered.Add((uid, sid));
                    some.Release();
                }
                catch (StoreUnavailableException)
                {
                    // Not answered: it may be there or not.
                }
            }
        })).ToList();
        for (var kill = 0; kill < 2; kill++)
        {
            await Many(some);
            _mariaDb.Kill();
            await _failed.WaitAsync(TestContext.Current.CancellationToken);
            _mariaDb.Start();
            await _recovered.WaitAsync(TestContext.Current.CancellationToken);
        }

        while (some.Wait(0, TestContext.Current.CancellationToken))
        {
        }

        await Many(some);
        await stop.CancelAsync();
        await Task.WhenAll(writers);

        var stored = new HashSet<(long, long)>();
        using var connection = _server.Connect();
        connection.Query("SELECT uid, sid FROM swiped", [], row => Assert.True(stored.Add((row.GetInt64(0), row.GetInt64(1)))));
        Assert.Empty(answered.Except(stored));
        AssertBack();
    }

    [Fact]
    public async Task A_hung_server_is_told_once_and_afterwards_nobody_waits_for_it()
    {
        await SwipeRow.Into(_lane, 1, 1);
        var flushes = _writer.Flushes;
        var rollbacks = _writer.Rollbacks;
        _mariaDb.Pause();
        try
        {
            await Assert.ThrowsAsync<StoreUnavailableException>(() => SwipeRow.Into(_lane, 1, 2));
            Assert.False(_server.IsAvailable);
            Assert.Equal(["failing"], _changes);
            Assert.Equal(rollbacks + 1, _writer.Rollbacks);
            for (var i = 0; i < 1000; i++)
                await Assert.ThrowsAsync<StoreUnavailableException>(() => SwipeRow.Into(_lane, 1, 3 + i));
            // None of them came as far as the server: not one attempt began.
            Assert.Equal(rollbacks + 1, _writer.Rollbacks);
            Assert.Equal(flushes, _writer.Flushes);
        }
        finally
        {
            _mariaDb.Continue();
        }

        await _recovered.WaitAsync(TestContext.Current.CancellationToken);
        await SwipeRow.Into(_lane, 1, 5000);
        using var connection = _server.Connect();
        Assert.Equal(5001, connection.ScalarInt64("SELECT sum(sid) FROM swiped WHERE sid <> 2"));
    }

    [Fact]
    public async Task A_read_that_finds_the_server_hung_spares_the_writers_the_wait()
    {
        using var readers = new ReaderLanes<SwipedLaneReader>(() => new SwipedLaneReader(_server));
        await SwipeRow.Into(_lane, 1, 1);
        Assert.Equal(1, await SwipeKind.From(readers, 1, 1));
        var rollbacks = _writer.Rollbacks;
        _mariaDb.Pause();
        try
        {
            await Assert.ThrowsAsync<StoreUnavailableException>(() => SwipeKind.From(readers, 1, 1));
            await Assert.ThrowsAsync<StoreUnavailableException>(() => SwipeRow.Into(_lane, 1, 2));
            await Assert.ThrowsAsync<StoreUnavailableException>(() => SwipeKind.From(readers, 1, 1));
            Assert.Equal(rollbacks, _writer.Rollbacks);
            Assert.Equal(["failing"], _changes);
        }
        finally
        {
            _mariaDb.Continue();
        }

        await _recovered.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, await SwipeKind.From(readers, 1, 1));
    }

    [Fact]
    public async Task A_query_that_finds_the_server_hung_spares_the_others_the_wait()
    {
        Assert.Equal(1, await One(_server));
        var rollbacks = _writer.Rollbacks;
        _mariaDb.Pause();
        try
        {
            Assert.Equal(ShardFailure.Unreachable, TransientErrors.KindOf(await Assert.ThrowsAnyAsync<Exception>(() => One(_server))));
            Assert.Equal(["failing"], _changes);
            for (var i = 0; i < 1000; i++)
                await Assert.ThrowsAsync<StoreUnavailableException>(() => One(_server));
            await Assert.ThrowsAsync<StoreUnavailableException>(() => SwipeRow.Into(_lane, 1, 2));
            Assert.Equal(rollbacks, _writer.Rollbacks);
        }
        finally
        {
            _mariaDb.Continue();
        }

        await _recovered.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, await One(_server));
    }

    [Fact]
    public async Task Queries_that_find_all_connections_busy_for_a_deadline_are_refused_and_the_shard_counts_as_well()
    {
        var gate = new TaskCompletionSource();
        var busy = Enumerable.Range(0, 8).Select(_ => _server.QueryAsync(gate.Task, static async (_, gate) =>
        {
            await gate;
            return 0;
        }).AsTask()).ToList();
        var refused = await Assert.ThrowsAsync<StoreUnavailableException>(() => One(_server));
        Assert.Contains("8 queries have been in flight", refused.Message, StringComparison.Ordinal);
        Assert.True(_server.IsAvailable);
        gate.SetResult();
        await Task.WhenAll(busy);
        Assert.Equal(1, await One(_server));
    }

    [Fact]
    public async Task A_query_whose_connection_is_killed_is_asked_again_on_another()
    {
        using var root = _server.Connect();
        var attempts = 0;
        Assert.Equal(2, await _server.QueryAsync(root, async (connection, root) =>
        {
            if (++attempts == 1)
                root.ExecuteText($"KILL {await connection.ExecuteScalarAsync<long>("SELECT connection_id()")}");
            return await connection.ExecuteScalarAsync<int>("SELECT 2");
        }));
        Assert.Equal(2, attempts);
    }

    [Fact]
    public async Task A_hung_shard_does_not_hold_up_another()
    {
        using var healthy = new MariaDbServer();
        using var other = PatientShard.Server(healthy.NewDatabase(), 1);
        MySqlMigrator.Shard.Migrate(other, 2);
        using var writer = new SwipedLaneWriter(other);
        using var lane = new Lane<SwipedLaneWriter>("other", TestLanes.Threads, writer);
        // With time enough to wait until the twenty commits are done.
        using var hanging = PatientShard.Server(_mariaDb.NewDatabase());
        MySqlMigrator.Shard.Migrate(hanging, 2);
        using var hangingWriter = new SwipedLaneWriter(hanging);
        using var hangingLane = new Lane<SwipedLaneWriter>("hanging", TestLanes.Threads, hangingWriter);
        await SwipeRow.Into(hangingLane, 1, 1);
        Task<long> hung;
        _mariaDb.Pause();
        try
        {
            hung = SwipeRow.Into(hangingLane, 1, 2);
            for (var i = 0; i < 20; i++)
                await SwipeRow.Into(lane, 1, i);
            // Twenty commits one after the other, and the hung shard's first has still not been told.
            Assert.False(hung.IsCompleted);
            Assert.True(other.IsAvailable);
        }
        finally
        {
            _mariaDb.Continue();
        }

        await hung;
    }

    [Fact]
    public async Task A_server_without_a_free_connection_is_asked_again_until_there_is_one()
    {
        var taken = new List<ShardConnection>();
        try
        {
            while (true)
            {
                var connection = _server.Connect();
                taken.Add(connection);
                connection.ScalarInt64("SELECT 1");
            }
        }
        catch (Exception exception) when (TransientErrors.KindOf(exception) == ShardFailure.Unreachable)
        {
            Assert.Equal(1040, MySqlDriver.ErrorNumber(exception));
        }

        await Assert.ThrowsAsync<StoreUnavailableException>(() => SwipeRow.Into(_lane, 1, 1));
        foreach (var connection in taken)
            connection.Dispose();
        await _recovered.WaitAsync(TestContext.Current.CancellationToken);
        await SwipeRow.Into(_lane, 1, 2);
        AssertBack();
    }

    [Fact]
    public async Task A_server_that_is_read_only_for_a_while_is_written_again_when_it_is_not()
    {
        using var root = _server.Connect();
        using var server = ServerOfApp(root);
        using var writer = new SwipedLaneWriter(server);
        using var lane = new Lane<SwipedLaneWriter>("app", TestLanes.Threads, writer);
        root.ExecuteText("SET GLOBAL read_only = 1");
        var refused = await Assert.ThrowsAsync<StoreUnavailableException>(() => SwipeRow.Into(lane, 1, 1));
        Assert.True(TransientErrors.IsReadOnly(refused), refused.InnerException?.Message);
        Assert.False(server.IsAvailable);
        root.ExecuteText("SET GLOBAL read_only = 0");
        await _recovered.WaitAsync(TestContext.Current.CancellationToken);
        await SwipeRow.Into(lane, 1, 2);
        Assert.Equal(2, root.ScalarInt64("SELECT sum(sid) FROM swiped"));
        root.ExecuteText("DROP USER 'app'@'localhost'");
    }

    [Fact]
    public async Task A_server_that_lets_nobody_in_any_more_is_told_of_and_written_again_when_it_does()
    {
        using var root = _server.Connect();
        using var server = ServerOfApp(root);
        using var writer = new SwipedLaneWriter(server);
        using var lane = new Lane<SwipedLaneWriter>("app", TestLanes.Threads, writer);
        await SwipeRow.Into(lane, 1, 1);
        root.ExecuteText("ALTER USER 'app'@'localhost' IDENTIFIED BY 'another'");
        root.ExecuteText("KILL USER 'app'@'localhost'");
        await Assert.ThrowsAsync<StoreUnavailableException>(() => SwipeRow.Into(lane, 1, 2));
        Assert.False(server.IsAvailable);
        Assert.Equal(["failing"], _changes);
        root.ExecuteText("ALTER USER 'app'@'localhost' IDENTIFIED BY ''");
        await _recovered.WaitAsync(TestContext.Current.CancellationToken);
        await SwipeRow.Into(lane, 1, 4);
        Assert.Equal(5, root.ScalarInt64("SELECT sum(sid) FROM swiped"));
        root.ExecuteText("DROP USER 'app'@'localhost'");
    }

    [Fact]
    public async Task An_error_that_nobody_has_heard_of_is_told_of_and_what_met_it_goes_on_on_a_new_connection()
    {
        var met = new HashSet<long>();
        await Assert.ThrowsAsync<StoreUnavailableException>(() => InBatch.Into(_lane, writer =>
        {
            Assert.True(met.Add(writer.Connection.ScalarInt64("SELECT connection_id()")!.Value), "a connection that met it is used again");
            writer.Connection.ExecuteText("SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = 9999");
        }));
        await _recovered.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal("failing", _changes.First());
        await InBatch.Into(_lane, writer => Assert.DoesNotContain(writer.Connection.ScalarInt64("SELECT connection_id()")!.Value, met));
        await SwipeRow.Into(_lane, 1, 1);
    }

    private static Task<int> One(ShardServer server) =>
        server.QueryAsync(1, static (connection, one) => connection.ExecuteScalarAsync<int>("SELECT @one", new { one })).AsTask();

    private static async Task Many(SemaphoreSlim some)
    {
        for (var i = 0; i < 500; i++)
            await some.WaitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>The same shard for an account that is nothing but a user.</summary>
    private ShardServer ServerOfApp(ShardConnection root)
    {
        root.ExecuteText("CREATE OR REPLACE USER 'app'@'localhost'");
        root.ExecuteText("GRANT SELECT, INSERT, UPDATE ON *.* TO 'app'@'localhost'");
        var connectionString = _mariaDb.ConnectionString(root.ScalarText("SELECT database()")!);
        return new ShardServer(0, connectionString.Replace("root", "app", StringComparison.Ordinal), changed: Changed);
    }

    /// <summary>A stop of more than a deadline may make the server seem to fail once more.</summary>
    private void AssertBack()
    {
        Eventually.Holds(() => _changes.LastOrDefault() == "back", "the server to be back");
        Assert.Equal(Enumerable.Range(0, _changes.Count).Select(i => i % 2 == 0 ? "failing" : "back"), _changes);
    }

    private void Changed(Exception? failure)
    {
        _changes.Enqueue(failure is null ? "back" : "failing");
        (failure is null ? _recovered : _failed).Release();
    }
}
