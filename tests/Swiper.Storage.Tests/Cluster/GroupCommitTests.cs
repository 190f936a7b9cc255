using Microsoft.Extensions.Logging.Abstractions;
using Swiper.Core.Dispatch;
using Swiper.Storage.Cluster;
using Swiper.Storage.Records;
using Swiper.Storage.Sharding;
using Swiper.Storage.Tests.Sharding;

namespace Swiper.Storage.Tests.Cluster;

/// <summary>Works of records that wait for a shard at the same time share a transaction, and nothing else.</summary>
[Collection(nameof(ClusterCollection))]
public sealed class GroupCommitTests : IAsyncDisposable
{
    private const int Works = 5;

    private readonly TestCluster _cluster;
    private readonly ClusterEngine _engine;
    private readonly long[] _keys;

    public GroupCommitTests(ClusterServers servers)
    {
        _cluster = new TestCluster([servers.NewShard()]);
        _engine = new ClusterEngine(_cluster.Options, new SessionRegistry(), TimeProvider.System, NullLogger.Instance);
        _engine.Start();
        // Keys of one lane.
        var lane = _engine.Shards[0].RecordLaneOf(ShardMap.Buckets);
        _keys = [.. Enumerable.Range(1, 100).Select(number => (long)number * ShardMap.Buckets)
            .Where(key => _engine.Shards[0].RecordLaneOf(key) == lane).Take(Works)];
        _cluster.Shard(0).Execute("CREATE TABLE written (id BIGINT NOT NULL PRIMARY KEY, note VARCHAR(20) NOT NULL)");
    }

    public async ValueTask DisposeAsync()
    {
        _engine.Dispose();
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task Those_that_wait_at_the_same_time_are_committed_together()
    {
        using var last = new Gate();
        var works = await QueueAsync(index => WriteAsync(_keys[index], async session =>
        {
            await InsertAsync(session, _keys[index]);
            if (index == Works - 1)
                last.Pass();
        }));
        // The last of them is running, the others have run, and nothing is committed.
        await last.ReachedAsync();
        Assert.Equal(0, _cluster.Count(0, "written"));
        last.Open();
        await Task.WhenAll(works);
        Assert.Equal(Works, _cluster.Count(0, "written"));
    }

    [Fact]
    public async Task One_that_throws_fails_alone()
    {
        var works = await QueueAsync(index => WriteAsync(_keys[index], async session =>
        {
            await InsertAsync(session, _keys[index]);
            if (index == 2)
                throw new InvalidOperationException("not so");
        }));
        Assert.Equal("not so", (await Assert.ThrowsAsync<InvalidOperationException>(() => works[2])).Message);
        await Task.WhenAll(works.Where(work => work != works[2]));
        Assert.Equal(Written([0, 1, 3, 4]), _cluster.Query(0, "SELECT id FROM written ORDER BY id"));
    }

    [Fact]
    public async Task One_that_waits_for_the_row_of_another_transaction_does_not_hold_up_the_others()
    {
        _cluster.Shard(0).Execute("INSERT INTO written (id, note) VALUES (@p0, 'other')", _keys[2]);
        using var blocker = _cluster.Connect(0);
        blocker.Begin();
        blocker.Execute("UPDATE written SET note = 'locked' WHERE id = @p0", _keys[2]);
        var works = await QueueAsync(index => WriteAsync(_keys[index], session => index == 2
            ? session.ExecuteAsync("UPDATE written SET note = CONCAT(note, ' mine') WHERE id = @id", new { id = _keys[2] })
            : InsertAsync(session, _keys[index])));
        // The next of the same user waits for it.
        var next = WriteAsync(_keys[2], session =>
            session.ExecuteAsync("UPDATE written SET note = CONCAT(note, ' next') WHERE id = @id", new { id = _keys[2] }));
        await Task.WhenAll(works.Where(work => work != works[2]));
        Assert.False(works[2].IsCompleted || next.IsCompleted);
        blocker.Commit();
        await works[2];
        await next;
        Assert.Equal("locked mine next", _cluster.Shard(0).ScalarText("SELECT note FROM written WHERE id = @p0", _keys[2]));
        Assert.Equal(Works, _cluster.Count(0, "written"));
    }

    [Fact]
    public async Task All_run_again_where_their_connection_is_lost_before_the_commit()
    {
        var isLost = false;
        var works = await QueueAsync(index => WriteAsync(_keys[index], async session =>
        {
            await InsertAsync(session, _keys[index]);
            if (index == 3 && !isLost)
            {
                isLost = true;
                await session.ExecuteAsync("KILL CONNECTION_ID()");
            }
        }));
        await Task.WhenAll(works);
        Assert.True(isLost);
        Assert.Equal(Written([0, 1, 2, 3, 4]), _cluster.Query(0, "SELECT id FROM written ORDER BY id"));
    }

    [Fact]
    public async Task The_events_of_all_are_written_with_them()
    {
        var works = await QueueAsync(index => WriteAsync(_keys[index], async session =>
        {
            await InsertAsync(session, _keys[index]);
            session.Tell(HostEventKind.ProfileChanged, _keys[index], index);
        }));
        await Task.WhenAll(works);
        Assert.Equal(
            Enumerable.Range(0, Works).Select(index => new[] { _keys[index], index }),
            _cluster.Query(0, "SELECT uid, subject FROM events ORDER BY id"));
    }

    /// <summary>Holds the lane with a work of its own until all of the others wait.</summary>
    private async Task<Task[]> QueueAsync(Func<int, Task> work)
    {
        using var first = new Gate();
        var holds = WriteAsync(_keys[^1] + (2 * Works * ShardMap.Buckets), session =>
        {
            first.Pass();
            return Task.CompletedTask;
        });
        await first.ReachedAsync();
        Task[] works = [.. Enumerable.Range(0, Works).Select(work)];
        first.Open();
        await holds;
        return works;
    }

    private async Task WriteAsync(long key, Func<RecordSession, Task> work) => await _engine.Records.RunAsync(key, async session =>
    {
        await work(session);
        return true;
    }).OffTheLane();

    private static Task<int> InsertAsync(RecordSession session, long id) =>
        session.ExecuteAsync("INSERT INTO written (id, note) VALUES (@id, '')", new { id });

    private IEnumerable<long[]> Written(int[] works) => works.Select(index => new[] { _keys[index] });

    /// <summary>Where the lane's thread stops until the test lets it pass.</summary>
    private sealed class Gate : IDisposable
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim _open = new();

        public void Pass()
        {
            _reached.TrySetResult();
            _open.Wait(TestContext.Current.CancellationToken);
        }

        public Task ReachedAsync() => _reached.Task.WaitAsync(TestContext.Current.CancellationToken);

        public void Open() => _open.Set();

        public void Dispose() => _open.Dispose();
    }
}
