using Swiper.Storage.Redis;
using Swiper.Storage.Redis.Repair;

namespace Swiper.Storage.Tests.Redis;

public sealed class SwipeIndexOnOneRedisTests(OneRedis redis) : SwipeIndexTests(redis), IClassFixture<OneRedis>;

public sealed class SwipeIndexOnRedisClusterTests(RedisClusterOfThree redis) : SwipeIndexTests(redis), IClassFixture<RedisClusterOfThree>;

/// <summary>Whatever is applied how often in which order of lanes, every key says what the truth says.</summary>
public abstract class SwipeIndexTests
{
    private readonly RedisDeployment _redis;

    protected SwipeIndexTests(RedisDeployment redis)
    {
        _redis = redis;
        redis.Empty();
    }

    [Theory]
    [InlineData(1, 60)]
    [InlineData(2, 2_000)]
    public async Task Batches_of_several_lanes_and_hosts_applied_twice_come_to_what_the_truth_says(int seed, int people)
    {
        var truth = new SwipeTruth(people, seed);
        using var one = Open();
        using var other = Open();
        await Rebuild.AllAsync(one, truth);

        // A lane belongs to one host; what a host did not see applied, another one applies again, late.
        await Task.WhenAll(HostAsync(one, 1), HostAsync(other, 2));
        await truth.Snapshot().AssertIndexedAsync(new IndexRepair(one));

        async Task HostAsync(SwipeIndex index, int node)
        {
            await Task.Yield();
            var random = new Random(seed * 100 + node);
            var sent = new List<IndexBatch>();
            for (var i = 0; i < 60; i++)
            {
                var batch = truth.Commit(node, random.Next(2), random.Next(1, people == 60 ? 20 : 300), random);
                index.Enqueue(batch);
                sent.Add(batch);
                if (random.Next(3) == 0)
                {
                    // Enqueued by the other host it may only come after its first time here: that is the order of a lane.
                    var earlier = sent[random.Next(sent.Count)];
                    await earlier.Applied;
                    var again = SwipeTruth.Again(earlier);
                    (random.Next(2) == 0 ? one : other).Enqueue(again);
                    sent.Add(again);
                }
            }

            await Task.WhenAll(sent.Select(batch => batch.Applied));
            Assert.DoesNotContain(sent, batch => batch.Abandoned);
        }
    }

    [Fact]
    public async Task What_a_host_left_behind_is_applied_by_the_next_from_any_point_on()
    {
        var truth = new SwipeTruth(300);
        var random = new Random(5);
        using (var first = Open())
            await Rebuild.AllAsync(first, truth);
        var open = new List<IndexBatch>();
        for (var life = 0; life < 8; life++)
        {
            using var index = Open();
            // The journal: all that was not known to be applied, in order.
            open = [.. open.Where(batch => !batch.Applied.IsCompleted).Select(SwipeTruth.Again)];
            foreach (var batch in open)
                index.Enqueue(batch);
            for (var i = 0; i < 40; i++)
            {
                var batch = truth.Commit(1, random.Next(2), random.Next(1, 40), random);
                open.Add(batch);
                index.Enqueue(batch);
            }

            // It ends in the middle of it.
            await open[random.Next(open.Count)].Applied;
        }

        using var last = Open();
        foreach (var batch in open.Select(SwipeTruth.Again))
        {
            last.Enqueue(batch);
            await batch.Applied;
        }

        await truth.Snapshot().AssertIndexedAsync(new IndexRepair(last));
    }

    [Fact]
    public async Task An_emptied_redis_is_noticed_by_the_next_batch_and_takes_nothing_until_it_is_rebuilt()
    {
        var truth = new SwipeTruth(200);
        var random = new Random(6);
        using var index = Open();
        await Rebuild.AllAsync(index, truth);
        var batch = truth.Commit(1, 0, 500, random);
        index.Enqueue(batch);
        await batch.Applied;

        _redis.Empty();
        var untrusted = new HashSet<int>();
        index.Untrusted += group =>
        {
            lock (untrusted)
                untrusted.Add(group);
        };
        batch = truth.Commit(1, 0, 500, random);
        index.Enqueue(batch);
        await batch.Applied;
        Assert.False(batch.Abandoned);
        var repair = new IndexRepair(index);
        Eventually.Holds(() => { lock (untrusted) return untrusted.Count == UserGroups.Count; }, "all groups reported");
        var user = await repair.ReadAsync(batch.Swipes.Span[0].Uid, SwipeTruth.Midnight);
        Assert.False(user.Trusted);
        Assert.Empty(user.Swiped);
        Assert.All(await repair.StatusAsync(), node => Assert.Equal(0UL, node.Trusted));

        await Rebuild.AllAsync(index, truth);
        await truth.Snapshot().AssertIndexedAsync(repair);
        Assert.All(await repair.StatusAsync(), node => Assert.Equal(node.Groups, node.Trusted));
    }

    [Fact]
    public async Task An_emptied_redis_is_noticed_also_when_nobody_swipes()
    {
        var truth = new SwipeTruth(50);
        using var index = Open();
        await Rebuild.AllAsync(index, truth);
        using var mending = Rebuild.Automatically(index, truth);
        var repair = new IndexRepair(index);
        _redis.Empty();
        await Eventually.HoldsAsync(async () => (await repair.StatusAsync()).All(node => node.Trusted == node.Groups), "the rebuild");
    }

    [Fact]
    public async Task A_group_that_a_batch_fails_on_is_not_trusted_any_more_and_the_others_go_on()
    {
        var truth = new SwipeTruth(200);
        var random = new Random(7);
        using var index = Open();
        await Rebuild.AllAsync(index, truth);
        var broken = truth.People.First(uid => UserGroups.Of(uid) != 0);
        var node = index.Nodes.Of(UserGroups.Of(broken));
        var server = _redis.Servers.Count == 1
            ? _redis.Servers[0]
            : _redis.Servers.Single(server => node.EndPoint!.ToString()!.EndsWith($":{server.Port}", StringComparison.Ordinal));
        server.Command("SET", $"{{{UserGroups.Of(broken)}}}:u:{broken}:swiped", "not a set");
        var other = truth.People.First(uid => UserGroups.Of(uid) != UserGroups.Of(broken));
        var batch = truth.Commit(1, 0, new IndexedSwipe(broken, other, Core.Social.SwipeKind.Like, SwipeTruth.Midnight));
        index.Enqueue(batch);
        await batch.Applied;
        var repair = new IndexRepair(index);
        Assert.True((await repair.ReadAsync(other, SwipeTruth.Midnight)).Trusted);
        var trusted = (await repair.StatusAsync()).Aggregate(0UL, (sum, status) => sum | status.Trusted!.Value);
        Assert.Equal(~(1UL << UserGroups.Of(broken)), trusted);

        await Rebuild.GroupAsync(repair, truth, UserGroups.Of(broken));
        batch = truth.Commit(1, 0, 100, random);
        index.Enqueue(batch);
        await batch.Applied;
        await truth.Snapshot().AssertIndexedAsync(repair);
    }

    /// <summary>Swipes of one user are added together as long as they stand together, and as many as a command takes.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(1_999)]
    [InlineData(2_000)]
    [InlineData(2_001)]
    [InlineData(4_500)]
    public async Task Whoever_swipes_many_at_once_has_swiped_all_of_them_and_nobody_else_has(int inARow)
    {
        const int people = 5_000;
        var truth = new SwipeTruth(people);
        using var index = Open();
        await Rebuild.AllAsync(index, truth);
        // Of one group, so that they stand beside each other there.
        var swipers = truth.People.Where(uid => UserGroups.Of(uid) == UserGroups.Of(truth.People[0])).Take(3).ToArray();
        var others = truth.People.Except(swipers).ToArray();
        IndexedSwipe[] swipes =
        [
            Swipe(swipers[0], 0), .. Enumerable.Range(0, inARow).Select(i => Swipe(swipers[1], i)),
            Swipe(swipers[2], 0), Swipe(swipers[0], 1), Swipe(swipers[1], inARow),
        ];
        var batch = truth.Commit(1, 0, swipes);
        index.Enqueue(batch);
        await batch.Applied;
        await truth.Snapshot().AssertIndexedAsync(new IndexRepair(index));

        IndexedSwipe Swipe(long uid, int other) => new(uid, others[other], Core.Social.SwipeKind.Dislike, SwipeTruth.Midnight);
    }

    [Fact]
    public async Task A_batch_without_swipes_is_applied_at_once()
    {
        using var index = Open();
        var batch = new IndexBatch(1, 1, 1, default);
        index.Enqueue(batch);
        await batch.Applied;
        Assert.Equal(0, index.Pending);
    }

    private SwipeIndex Open()
    {
        var index = new SwipeIndex(PatientRedis.Options(_redis.Configuration), SwipeTruth.Clock);
        Eventually.Holds(() => index.IsReachable, "being reachable");
        return index;
    }
}
