using System.Globalization;
using Swiper.Core.Social;
using Swiper.Storage.Cluster;
using Swiper.Storage.Cluster.Social;
using Swiper.Storage.Redis;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Tests.Cluster;

/// <summary>
/// One host is connected to Redis and gets nothing through. It answers from the truth; and the others' index lacks nothing of it.
/// </summary>
[Collection(nameof(ClusterCollection))]
public sealed class SilentRedisTests : IAsyncDisposable
{
    private static readonly long At = Recently.At;

    private static readonly byte[][] Commands = ["EVAL"u8.ToArray(), "SCRIPT"u8.ToArray(), "PUBLISH"u8.ToArray(), "SUBSCRIBE"u8.ToArray()];

    private readonly TestCluster _cluster;
    private readonly SilentProxy _proxy;
    private readonly ClusterOptions _silent;
    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());

    public SilentRedisTests(ClusterServers servers)
    {
        _cluster = new TestCluster(servers, clock: _clock);
        _proxy = new SilentProxy(_cluster.Redis.Port, Commands);
        _silent = _cluster.Options with { Redis = _proxy.Address };
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        _proxy.Dispose();
    }

    [Theory]
    [InlineData((int)Way.ToServer)]
    [InlineData((int)Way.FromServer)]
    [InlineData((int)Way.Both)]
    public async Task What_a_host_answers_while_its_redis_is_silent_another_brings_into_the_index(int way)
    {
        _proxy.SwallowNewOnes((Way)way);
        var there = await _cluster.StartHostAsync();
        await _cluster.AwaitTrustAsync();
        var here = await _cluster.StartHostAsync(_silent);
        var me = await here.NewPersonAsync(0);
        var people = await here.NewUidsAsync(4);
        await here.SwipeAsync(people[0], me.Uid, SwipeKind.Superlike);
        await here.SwipeAsync(people[1], me.Uid);
        await here.SwipeAsync(me.Uid, people[2], SwipeKind.Dislike);
        Assert.Single(here.Log.Of(3060));

        // The silent host knows what it has done; the other one, too, after a while, and nothing is left of it in a journal.
        Assert.Equal(new[] { people[0], people[1] }.Order(), (await here.LikersAsync(me.Uid)).Order());
        await _cluster.AwaitEmptyJournalsAsync();
        Assert.NotEmpty(there.Log.Of(3114));
        Assert.Empty(here.Log.Of(3061));
        Assert.Equal(new[] { people[0], people[1] }.Order(), (await there.LikersAsync(me.Uid)).Order());
        Assert.Equal(12, (await _cluster.BoardsOf(there).RankOfAsync(Core.Ranking.BoardName.All, me.Uid))?.Score);
        Assert.Empty(await _cluster.CompareAsync());

        // And when it gets through, it does nothing twice.
        _proxy.SwallowNewOnes(Way.None);
        await _cluster.UntilAsync(() => here.Log.Of(3061).Count > 0, "the silent host at Redis");
        await here.SwipeAsync(people[3], me.Uid);
        Assert.Equal(17, (await _cluster.BoardsOf(here).RankOfAsync(Core.Ranking.BoardName.All, me.Uid))?.Score);
        Assert.Empty(await _cluster.CompareAsync());
    }

    [Fact]
    public async Task What_is_taken_from_a_host_that_lives_is_told_to_the_index_after_all_that_is_older_in_its_lane()
    {
        const int There = 701;
        var host = await _cluster.StartHostAsync();
        var people = new long[6];
        for (var i = 0; i < people.Length; i++)
            people[i] = await host.NewUidAsync(0);
        var batches = new BatchIds(There, TimeProvider.System);
        var owner = Guid.NewGuid().ToByteArray();
        _cluster.Shard(0).Execute("INSERT INTO nodes (node, owner, epoch, until) VALUES (@p0, @p1, 1, @p2)", There, owner, long.MaxValue);
        // Every other one waits for something that the host lacks; none of them is in the index.
        for (var i = 1; i < people.Length; i++)
            Plant(batches.Next(), owner, answered: i % 2 == 0, new IndexedSwipe(people[i], people[0], SwipeKind.Superlike, At + i));
        await _cluster.UntilAsync(() => _cluster.Count(0, "journal WHERE answered = 1") == 0, "a journal of what is not answered");

        Assert.Equal(3, _cluster.Count(0, "journal WHERE owner = @p0", owner));
        // The last of them is younger than any that was taken, and the index has not been told of it.
        Assert.Equal(people[1..5].Order(), (await _cluster.ReadIndexAsync(people[0])).Likers.Keys.Order());
        Assert.Empty(await host.PushesAsync(people[0]));

        _cluster.Shard(0).Execute("UPDATE nodes SET until = 0 WHERE node = @p0", There);
        await _cluster.AwaitEmptyJournalsAsync();
        Assert.Equal(people[1..].Order(), (await host.LikersAsync(people[0])).Order());
        Assert.Empty(await _cluster.CompareAsync());

        void Plant(long batch, byte[] of, bool answered, IndexedSwipe swipe)
        {
            _cluster.Shard(0).Execute(
                "INSERT INTO swiped (uid, sid, kind, at, batch) VALUES (@p0, @p1, @p2, @p3, @p4)",
                swipe.Uid, swipe.Sid, (int)swipe.Kind, swipe.At, batch);
            _cluster.Shard(0).Execute(
                "INSERT INTO lanes (node, epoch, last_batch) VALUES (@p0, 1, @p1) ON DUPLICATE KEY UPDATE last_batch = @p1", There, batch);
            _cluster.Shard(0).Execute(
                "INSERT INTO journal (batch, node, owner, answered, swipes) VALUES (@p0, @p1, @p2, @p3, @p4)",
                batch, There, of, answered ? 1 : 0, JournalRow.Pack([swipe], []));
        }
    }

    [Fact]
    public async Task A_host_that_does_not_reach_redis_itself_takes_nothing_from_others()
    {
        _proxy.SwallowNewOnes(Way.Both);
        TestHost[] hosts = [await _cluster.StartHostAsync(_silent), await _cluster.StartHostAsync(_silent)];
        var people = await hosts[0].NewUidsAsync(3);
        await hosts[0].SwipeAsync(people[0], people[1]);
        await hosts[1].SwipeAsync(people[0], people[2]);
        var owners = _cluster.CountAll("(SELECT DISTINCT owner FROM journal WHERE answered = 1) owners");
        foreach (var host in hosts)
            await _cluster.UntilAsync(() => host.Log.Of(3067).Count >= 2, "some seconds of silence");
        Assert.Equal(owners, _cluster.CountAll("(SELECT DISTINCT owner FROM journal WHERE answered = 1) owners"));
        Assert.All(hosts, host => Assert.Empty(host.Log.Of(3114)));
        _proxy.SwallowNewOnes(Way.None);
        await _cluster.AwaitEmptyJournalsAsync();
        await _cluster.AwaitTrustAsync();
        Assert.Empty(await _cluster.CompareAsync());
    }

    [Fact]
    public async Task A_batch_that_is_unsettled_for_half_a_minute_is_named_with_what_it_waits_for_and_again_each_minute()
    {
        _proxy.SwallowNewOnes(Way.Both);
        var host = await _cluster.StartHostAsync(_silent);
        var people = await host.NewUidsAsync(2);
        await host.SwipeAsync(people[0], people[1]);
        var batch = Enumerable.Range(0, 2).SelectMany(shard => _cluster.Query(shard, "SELECT batch FROM journal")).Single()[0];
        for (var lines = 1; lines <= 2; lines++)
        {
            _clock.Advance(TimeSpan.FromMinutes(1));
            await _cluster.UntilAsync(() => host.Log.Of(3113).Count == lines, "the batch in the log");
            var line = host.Log.Of(3113)[^1];
            Assert.Contains(batch.ToString(CultureInfo.InvariantCulture), line);
            Assert.Contains("Redis server", line);
        }

        _proxy.SwallowNewOnes(Way.None);
        await _cluster.AwaitEmptyJournalsAsync();
    }
}
