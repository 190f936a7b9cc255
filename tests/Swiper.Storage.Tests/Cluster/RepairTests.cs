using System.Collections.Concurrent;
using System.Globalization;
using Swiper.Core.Dispatch;
using Swiper.Core.Ranking;
using Swiper.Core.Social;
using Swiper.Storage.Cluster;
using Swiper.Storage.Redis;

namespace Swiper.Storage.Tests.Cluster;

/// <summary>The index is compared with the truth and rebuilt from it, while swipes flow.</summary>
[Collection(nameof(ClusterCollection))]
public sealed class RepairTests(ClusterServers servers) : IAsyncDisposable
{
    private const int People = 24;

    // {0} is the star's keys, {1} a fan who superliked the star, {2} whom the star disliked, {3} the group's boards, {4} the star, {5}
    // today, {6} this week.
    private static readonly (string What, string Damage)[] Damages =
    [
        ("swiped", "SREM {0}swiped {2}"),
        ("swiped", "SADD {0}swiped 999"),
        ("liked_by", "ZREM {0}liked_by {1}"),
        ("liked_by", "ZADD {0}liked_by 5 999"),
        ("liked_by", "ZADD {0}liked_by 5 {1}"),
        ("queue", "ZREM {0}queue {1}"),
        ("queue", "ZADD {0}queue 5 999"),
        ("board all", "ZREM {3}all {4}"),
        ("board all", "ZINCRBY {3}all 1099511627776 {4}"),
        ("board day", "ZREM {3}day:{5} {4}"),
        ("board day", "ZINCRBY {3}day:{5} -1099511627776 {4}"),
        ("board week", "ZREM {3}week:{6} {4}"),
        ("board week", "ZINCRBY {3}week:{6} 1099511627776 {4}"),
    ];

    private readonly TestCluster _cluster = new(servers);

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Each_difference_is_found_while_swipes_flow_and_no_other_and_is_mended()
    {
        // The boards of the day and the week are damaged by name.
        await Wait.UntilMidnightIsFarAsync();
        var host = await _cluster.StartHostAsync();
        var (star, fan, other) = (await host.NewUidAsync(), await host.NewUidAsync(), await host.NewUidAsync());
        await host.SwipeAsync(fan, star, SwipeKind.Superlike);
        await host.SwipeAsync(star, other, SwipeKind.Dislike);
        var people = await host.NewUidsAsync(2 * People);
        // Nobody dislikes: points that came to zero would be as good as none.
        var flow = new SwipeFlow(people, [.. people, star], host) { Worst = SwipeKind.Superlike };
        await flow.SomeAsync();
        Assert.Empty(await _cluster.CompareAsync());

        var group = UserGroups.Of(star);
        foreach (var (what, damage) in Damages)
        {
            var command = string.Format(
                CultureInfo.InvariantCulture, damage, $"{{{group}}}:u:{star}:", fan, other, $"{{{group}}}:board:", star,
                BoardPeriod.Of(BoardName.Day, host.Now).Number, BoardPeriod.Of(BoardName.Week, host.Now).Number);
            _cluster.Redis.Command(command.Split(' '));
            var drift = Assert.Single(await _cluster.CompareAsync(fix: true));
            Assert.Equal(star, drift.Uid);
            Assert.StartsWith(what, drift.What);
            Assert.NotEqual(drift.Truth, drift.Index);
        }
        await flow.StopAsync();
        Assert.Empty(await _cluster.CompareAsync());
    }

    [Fact]
    public async Task Rebuilding_while_swipes_flow_through_two_hosts_ends_as_the_truth_says()
    {
        var (one, two) = (await _cluster.StartHostAsync(), await _cluster.StartHostAsync());
        var people = await one.NewUidsAsync(4 * People);
        var flow = new SwipeFlow(people, people, one, two);
        using var maintenance = new IndexMaintenance(_cluster.Options, TimeProvider.System);
        for (var round = 0; round < 3; round++)
        {
            await flow.SomeAsync();
            Assert.Equal(64, await maintenance.RebuildAsync(null, int.MaxValue, null, TestContext.Current.CancellationToken));
            Assert.Empty(await _cluster.CompareAsync());
        }
        Assert.Equal(1, await maintenance.RebuildAsync(people[0], int.MaxValue, null, TestContext.Current.CancellationToken));
        await flow.StopAsync();
        Assert.Empty(await _cluster.CompareAsync());
        await flow.AssertBoardAsync(_cluster.BoardsOf(one));
    }

    [Fact]
    public async Task A_redis_that_is_emptied_in_the_middle_of_a_rebuild_ends_trusted_and_right()
    {
        var host = await _cluster.StartHostAsync();
        var people = await host.NewUidsAsync(4 * People);
        var flow = new SwipeFlow(people, people, host);
        await flow.SomeAsync();
        using (var maintenance = new IndexMaintenance(_cluster.Options, TimeProvider.System))
        {
            var emptied = false;
            var rebuilt = await maintenance.RebuildAsync(null, int.MaxValue, (_, _) =>
            {
                if (!emptied)
                    _cluster.Redis.Command("FLUSHALL");
                emptied = true;
            }, TestContext.Current.CancellationToken);
            Assert.True(emptied);
            Assert.Equal(0, rebuilt);
        }
        await _cluster.AwaitTrustAsync();
        await flow.StopAsync();
        Assert.Empty(await _cluster.CompareAsync());
        await flow.AssertBoardAsync(_cluster.BoardsOf(host));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_redis_that_was_emptied_or_restarted_is_filled_again_by_itself(bool restart)
    {
        var (one, two) = (await _cluster.StartHostAsync(), await _cluster.StartHostAsync());
        var people = await one.NewUidsAsync(People);
        var flow = new SwipeFlow(people, people, one, two);
        await flow.SomeAsync();
        if (restart)
        {
            _cluster.Redis.Kill();
            _cluster.Redis.Start();
        }
        else
        {
            _cluster.Redis.Command("FLUSHALL");
        }
        await _cluster.AwaitTrustAsync();
        await flow.StopAsync();
        await _cluster.AwaitEmptyJournalsAsync();
        Assert.Empty(await _cluster.CompareAsync());
        await flow.AssertBoardAsync(_cluster.BoardsOf(one));
    }

    [Fact]
    public async Task While_the_index_is_untrusted_decks_and_likes_are_right_and_boards_are_not_answered()
    {
        var host = await _cluster.StartHostAsync();
        var me = await host.NewPersonAsync();
        var people = await host.NewUidsAsync(6);
        await host.SwipeAsync(people[0], me.Uid, SwipeKind.Superlike, at: 1_784_116_800_000);
        await host.SwipeAsync(people[1], me.Uid, at: 1_784_116_800_001);
        await host.SwipeAsync(me.Uid, people[2], SwipeKind.Dislike);
        // As if somebody were rebuilding it and never came to an end.
        _cluster.Redis.Command("FLUSHALL");
        for (var group = 0; group < UserGroups.Count; group++)
            _cluster.Redis.Command("SET", $"{{{group}}}:mending", "somebody");
        await host.SwipeAsync(people[3], me.Uid, SwipeKind.Superlike, at: 1_784_116_800_002);
        await host.SwipeAsync(people[4], me.Uid, at: 1_784_116_800_003);
        await host.SwipeAsync(me.Uid, people[1]);
        await AssertRightAsync();
        foreach (var board in Enum.GetValues<BoardName>())
        {
            await Assert.ThrowsAsync<StoreUnavailableException>(() => host.Engine.Boards.TopAsync(board, 10).AsTask());
            await Assert.ThrowsAsync<StoreUnavailableException>(() => host.Engine.Boards.RankOfAsync(board, me.Uid).AsTask());
            await Assert.ThrowsAsync<StoreUnavailableException>(() => host.Engine.Boards.AroundAsync(board, me.Uid, 10).AsTask());
        }

        _cluster.Redis.Command("FLUSHALL");
        await _cluster.AwaitTrustAsync();
        await AssertRightAsync();
        Assert.Equal(24, (await _cluster.BoardsOf(host).RankOfAsync(BoardName.All, me.Uid))?.Score);
        Assert.Empty(await _cluster.CompareAsync());

        async Task AssertRightAsync()
        {
            Assert.Equal([people[4], people[3], people[0]], await host.LikersAsync(me.Uid));
            var deck = await host.DeckAsync(me);
            Assert.Equal([people[0], people[3]], deck[..2]);
            Assert.Equal(new[] { people[4], people[5] }.Order(), deck[2..].Order());
        }
    }

    /// <summary>Swipes through some hosts, until it is stopped.</summary>
    private sealed class SwipeFlow
    {
        private readonly ConcurrentDictionary<(long Uid, long Sid), SwipeKind> _made = new();
        private readonly Func<Task> _begin;
        private Task? _flow;
        private int _count;
        private volatile bool _stopping;

        public SwipeFlow(long[] swipers, long[] swiped, params TestHost[] hosts) =>
            _begin = () => Task.WhenAll(Enumerable.Range(0, 8)
                .Select(seed => Task.Run(() => SwipeAsync(swipers, swiped, hosts[seed % hosts.Length], new Random(seed)))));

        /// <summary>The last kind of swipe that is made.</summary>
        public SwipeKind Worst { get; init; } = SwipeKind.Dislike;

        /// <summary>Begins where it has not; returns when some more were answered.</summary>
        public Task SomeAsync()
        {
            _flow ??= _begin();
            var wanted = Volatile.Read(ref _count) + 100;
            return Eventually.HoldsAsync(() => Task.FromResult(Volatile.Read(ref _count) >= wanted), "swipes");
        }

        public async Task StopAsync()
        {
            _stopping = true;
            await _flow!;
        }

        /// <summary>The board of all time has the points of all that were made.</summary>
        public async Task AssertBoardAsync(IBoardRepository boards)
        {
            var scores = _made.GroupBy(made => made.Key.Sid, made => Points.For(made.Value))
                .ToDictionary(sid => sid.Key, points => (long)points.Sum());
            var top = await boards.TopAsync(BoardName.All, 1000);
            Assert.Equal(scores.Where(score => score.Value != 0).OrderBy(score => score.Key),
                top.ToDictionary(place => place.Uid, place => place.Score).OrderBy(score => score.Key));
        }

        private async Task SwipeAsync(long[] swipers, long[] swiped, TestHost host, Random random)
        {
            while (!_stopping)
            {
                var (uid, sid, kind) =
                    (swipers[random.Next(swipers.Length)], swiped[random.Next(swiped.Length)], (SwipeKind)random.Next(1, (int)Worst + 1));
                if (uid != sid && (await host.Engine.Swipes.SwipeAsync(uid, sid, kind, host.Now)) is { IsOk: true, Value.Repeated: false })
                    Assert.True(_made.TryAdd((uid, sid), kind));
                await Task.Yield();
                Interlocked.Increment(ref _count);
            }
        }
    }
}
