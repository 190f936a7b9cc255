using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Core.Social;

namespace Swiper.Storage.Tests.Cluster;

/// <summary>Whatever is thrown at a batch of swipes, those who wait for it are answered, and it comes to its end.</summary>
[Collection(nameof(ClusterCollection))]
public sealed class SwipeBatchTests(ClusterServers servers) : IAsyncDisposable
{
    private readonly TestCluster _cluster = new(servers);

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task A_cancellation_that_is_none_of_the_batchs_loses_nothing()
    {
        const int Unsettled = 3111;
        var host = await _cluster.StartHostAsync();
        var (ann, bob) = (await host.NewUidAsync(0), await host.NewUidAsync(1));
        host.Log.Happened = happened =>
        {
            // In the middle of settling the batch, the first time round.
            if (happened == Unsettled && host.Log.Of(Unsettled).Count == 1)
                throw new OperationCanceledException("of the test");
        };
        using (var blocker = _cluster.Connect(1))
        {
            blocker.Begin();
            blocker.Execute("INSERT INTO push_seqs (uid, seq) VALUES (@p0, 0)", bob);
            await host.FailToSwipeAsync(ann, bob, SwipeKind.Superlike);
            Assert.NotEmpty(host.Log.Of(Unsettled));
            blocker.Rollback();
        }

        await _cluster.AwaitEmptyJournalsAsync();
        Assert.Single(await host.PushesAsync(bob));
        Assert.Empty(await _cluster.CompareAsync());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Both_halves_of_a_match_say_what_the_half_of_the_smaller_uid_said_before(int shardOfGreater)
    {
        var host = await _cluster.StartHostAsync();
        var (low, high) = await NewPairAsync(host, shardOfGreater);
        // As if another host had been killed after it had written this half.
        var at = Recently.At;
        _cluster.Shard(0).Execute("INSERT INTO friends (uid, fid, since, completer) VALUES (@p0, @p1, @p2, @p1)", low, high, at);
        await host.SwipeAsync(high, low);
        Assert.False((await host.SwipeAsync(low, high)).Matched);

        Assert.Equal([low, high, at, high], _cluster.Query(0, "SELECT uid, fid, since, completer FROM friends WHERE uid = @p0", low)[0]);
        Assert.Equal(
            [high, low, at, high],
            _cluster.Query(shardOfGreater, "SELECT uid, fid, since, completer FROM friends WHERE uid = @p0", high)[0]);
        Assert.Equal([new StoredPush(1, Opcode.Matched, high, at)], await host.PushesAsync(low));
        Assert.Equal([new StoredPush(1, Opcode.Matched, low, at)], await host.PushesAsync(high));
    }

    [Fact]
    public async Task A_match_that_is_over_for_a_user_is_not_pushed_to_them()
    {
        var host = await _cluster.StartHostAsync();
        var (low, high) = await NewPairAsync(host, shardOfGreater: 1);
        // As if the other one had ended it before this half arrived.
        _cluster.Shard(1).Execute(
            "INSERT INTO friends (uid, fid, since, completer, ended) VALUES (@p0, @p1, @p2, @p1, @p2)", high, low, Recently.At);
        await host.SwipeAsync(high, low);
        await host.SwipeAsync(low, high);

        Assert.Empty(await host.PushesAsync(high));
        Assert.Single(await host.PushesAsync(low));
        Assert.False(await host.AreFriendsAsync(high, low));
    }

    [Fact]
    public async Task Who_throws_when_they_are_answered_keeps_nobody_else_from_an_answer_and_nothing_from_the_index()
    {
        var host = await _cluster.StartHostAsync();
        var star = await host.NewUidAsync(0);
        var people = new long[8];
        for (var i = 0; i < people.Length; i++)
            people[i] = await host.NewUidAsync(0);
        await host.SwipeAsync(people[0], people[1]);
        await _cluster.AwaitEmptyJournalsAsync();
        // So that the replies leave before the index has heard of them, and something is left to be done after the exceptions.
        _cluster.Redis.Freeze();
        Task<SwipeReply>[] others;
        using (var blocker = _cluster.Connect(0))
        {
            // Nobody is answered before everybody waits.
            blocker.Begin();
            blocker.Query("SELECT node FROM lanes WHERE node = @p0 FOR UPDATE", [host.Engine.Node], static _ => { });
            for (var i = 0; i < people.Length; i += 2)
            {
                ThrowWhenAnswered(host.Engine.Swipes.SwipeAsync(people[i], star, SwipeKind.Like, host.Now));
            }
            others = [.. Enumerable.Range(0, people.Length / 2).Select(i => host.SwipeAsync(people[2 * i + 1], star))];
            blocker.Rollback();
        }

        await Task.WhenAll(others);
        Assert.NotEmpty(host.Log.Of(3000));
        _cluster.Redis.Thaw();
        await _cluster.AwaitEmptyJournalsAsync();
        Assert.Equal(people.Order(), (await host.LikersAsync(star)).Order());
        Assert.Empty(await _cluster.CompareAsync());

        static void ThrowWhenAnswered(ValueTask<Outcome<SwipeReply>> answer)
        {
            var awaiter = answer.GetAwaiter();
            awaiter.UnsafeOnCompleted(() =>
            {
                _ = awaiter.GetResult();
                throw new OperationCanceledException("of the test");
            });
        }
    }

    /// <summary>Two users, of whom the one with the smaller uid is in shard 0.</summary>
    private static async Task<(long Low, long High)> NewPairAsync(TestHost host, int shardOfGreater)
    {
        while (true)
        {
            var (low, high) = (await host.NewUidAsync(0), await host.NewUidAsync(shardOfGreater));
            if (low < high)
                return (low, high);
        }
    }
}
