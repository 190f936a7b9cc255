using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Swiper.Core.Dispatch;
using Swiper.Storage.Cluster;
using Swiper.Storage.Cluster.Events;
using Swiper.Storage.MySql;

namespace Swiper.Storage.Tests.Cluster;

/// <summary>Every row of `events` is heard of, in whatever order they were committed, but those of the own node.</summary>
[Collection(nameof(ClusterCollection))]
public sealed class EventFeedTests : IAsyncDisposable
{
    private const int Other = 900;

    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());
    private readonly TestCluster _cluster;
    private readonly ClusterEngine _engine;
    private readonly ConcurrentQueue<long> _heard = [];
    private EventFeed? _feed;

    public EventFeedTests(ClusterServers servers)
    {
        _cluster = new TestCluster(servers);
        _engine = new ClusterEngine(_cluster.Options, new SessionRegistry(), _clock, NullLogger.Instance);
        _engine.Start();
    }

    public ValueTask DisposeAsync()
    {
        _feed?.Dispose();
        _engine.Dispose();
        return _cluster.DisposeAsync();
    }

    [Fact]
    public void Rows_are_heard_of_in_their_order_the_own_ones_too_but_not_what_was_there_before()
    {
        Insert(1);
        Listen();
        Insert(2);
        Insert(3, _engine.Node.Claim.Node);
        Insert(4);
        Await(4);
        Assert.Equal([2, 3, 4], _heard);
    }

    [Fact]
    public void A_row_with_a_smaller_number_that_is_committed_later_is_heard_of()
    {
        Listen();
        using var late = _cluster.Connect(0);
        late.Begin();
        Insert(1, connection: late);
        Insert(2);
        Await(2);
        late.Commit();
        Await(1);
        Insert(3);
        Await(3);
        Assert.Equal([2, 1, 3], _heard);
        Assert.Equal(0, _feed!.Missing);
    }

    [Fact]
    public void A_row_that_was_under_way_when_the_host_began_to_listen_is_heard_of()
    {
        using var late = _cluster.Connect(0);
        late.Begin();
        Insert(1, connection: late);
        Insert(2);
        Listen();
        late.Commit();
        Await(1);
        Assert.Equal([1], _heard);
    }

    [Fact]
    public void A_number_that_was_rolled_back_is_looked_for_a_while_and_then_given_up()
    {
        Listen();
        using var undone = _cluster.Connect(0);
        undone.Begin();
        Insert(1, connection: undone);
        var id = undone.ScalarInt64("SELECT LAST_INSERT_ID()");
        undone.Rollback();
        Insert(2);
        Await(2);
        Await(() => _feed!.Missing == 0, "a number that is given up");

        _cluster.Shard(0).Execute(
            "INSERT INTO events (id, at, node, kind, uid, subject) VALUES (@p0, @p1, @p2, 3, 1, 0)", id, Recently.At, Other);
        Insert(3);
        Await(3);
        Assert.Equal([2, 3], _heard);
    }

    [Fact]
    public void More_rows_than_are_read_at_a_time_are_all_heard_of()
    {
        const int rows = 12_000;
        Listen();
        _cluster.Shard(0).ExecuteText(
            $"INSERT INTO events (at, node, kind, uid, subject) SELECT {Recently.At}, {Other}, 3, seq, 0 FROM seq_1_to_{rows}");
        Await(rows);
        Assert.Equal(Enumerable.Range(1, rows).Select(uid => (long)uid), _heard);
    }

    private void Listen()
    {
        _feed = new EventFeed(_engine.Shards[0], _clock, happened => _heard.Enqueue(happened.Uid));
        _feed.Start();
    }

    private void Insert(long uid, int node = Other, ShardConnection? connection = null) => (connection ?? _cluster.Shard(0)).Execute(
        "INSERT INTO events (at, node, kind, uid, subject) VALUES (@p0, @p1, 3, @p2, 0)", Recently.At, node,
        uid);

    private void Await(long uid) => Await(() => _heard.Contains(uid), $"hearing of {uid}");

    private void Await(Func<bool> condition, string what) => Eventually.Holds(
        () =>
        {
            _clock.Advance(TimeSpan.FromMilliseconds(200));
            return condition();
        },
        what);
}
