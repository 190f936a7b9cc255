using Swiper.Storage.Redis;
using Swiper.Storage.Redis.Repair;

namespace Swiper.Storage.Tests.Redis;

/// <summary>A group is rebuilt while batches go on, and comes out as the truth says or not at all.</summary>
public sealed class GroupMendingTests : IClassFixture<OneRedis>, IDisposable
{
    private readonly SwipeIndex _index;
    private readonly IndexRepair _repair;

    public GroupMendingTests(OneRedis redis)
    {
        redis.Empty();
        _index = new SwipeIndex(PatientRedis.Options(redis.Configuration), SwipeTruth.Clock);
        Eventually.Holds(() => _index.IsReachable, "being reachable");
        _repair = new IndexRepair(_index);
    }

    public void Dispose() => _index.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Groups_rebuilt_again_and_again_while_batches_flow_say_what_the_truth_says(int seed)
    {
        var truth = new SwipeTruth(1_500, seed);
        using var stop = new CancellationTokenSource();
        var flows = Task.WhenAll(Enumerable.Range(0, 3).Select(FlowAsync));
        for (var round = 0; round < 3; round++)
            await Rebuild.AllAsync(_index, truth);
        await stop.CancelAsync();
        await flows;
        await truth.Snapshot().AssertIndexedAsync(_repair);

        async Task FlowAsync(int node)
        {
            await Task.Yield();
            var random = new Random(seed * 10 + node);
            while (!stop.IsCancellationRequested)
            {
                var batch = truth.Commit(node, random.Next(2), random.Next(1, 100), random);
                _index.Enqueue(batch);
                if (random.Next(4) == 0)
                    _index.Enqueue(SwipeTruth.Again(batch));
                await batch.Applied;
            }
        }
    }

    [Fact]
    public async Task Batches_before_after_and_during_the_snapshot_count_once_each()
    {
        var truth = new SwipeTruth(60);
        var random = new Random(3);
        await Rebuild.AllAsync(_index, truth);
        await ApplyAsync(truth.Commit(1, 0, 100, random));
        var late = truth.Commit(1, 1, 100, random);

        var mendings = new List<GroupMending>();
        for (var group = 0; group < UserGroups.Count; group++)
            mendings.Add((await _repair.BeginAsync(group, SwipeTruth.Midnight))!);
        await ApplyAsync(truth.Commit(2, 0, 100, random));
        var snapshot = truth.Snapshot();
        await ApplyAsync(truth.Commit(2, 0, 100, random));
        // Committed before the snapshot, and told only now, twice.
        await ApplyAsync(late);
        await ApplyAsync(SwipeTruth.Again(late));
        for (var group = 0; group < UserGroups.Count; group++)
        {
            Assert.True(await mendings[group].WriteAsync(snapshot.UsersOf(group)));
            Assert.True(await mendings[group].FinishAsync(snapshot.Marks));
        }

        await ApplyAsync(truth.Commit(1, 0, 100, random));
        await ApplyAsync(SwipeTruth.Again(late));
        await truth.Snapshot().AssertIndexedAsync(_repair);
    }

    [Fact]
    public async Task Only_one_mends_a_group_at_a_time()
    {
        var truth = new SwipeTruth(10);
        await Rebuild.AllAsync(_index, truth);
        var first = await _repair.BeginAsync(7, SwipeTruth.Midnight);
        Assert.NotNull(first);
        Assert.Null(await _repair.BeginAsync(7, SwipeTruth.Midnight));
        Assert.Equal(1UL << 7, (await _repair.StatusAsync()).Single().Mending);
        await first.AbandonAsync();
        Assert.False(await first.WriteAsync([]));
        var second = await _repair.BeginAsync(7, SwipeTruth.Midnight);
        Assert.True(await second!.FinishAsync([]));
        Assert.False(await second.FinishAsync([]));
        Assert.Equal(UserGroups.All, (await _repair.StatusAsync()).Single().Trusted);
    }

    [Fact]
    public async Task A_group_that_came_into_doubt_meanwhile_is_refused()
    {
        var truth = new SwipeTruth(100);
        await Rebuild.AllAsync(_index, truth);
        var mending = await _repair.BeginAsync(3, SwipeTruth.Midnight);
        var snapshot = truth.Snapshot();
        Assert.True(await mending!.WriteAsync(snapshot.UsersOf(3)));
        await _repair.UntrustAsync(1UL << 3);
        Assert.False(await mending.WriteAsync(snapshot.UsersOf(3)));
        Assert.False(await mending.FinishAsync(snapshot.Marks));
        Assert.Equal(~(1UL << 3), (await _repair.StatusAsync()).Single().Trusted);
    }

    [Fact]
    public async Task A_redis_emptied_midway_refuses_the_rest()
    {
        var truth = new SwipeTruth(100);
        var mending = await _repair.BeginAsync(3, SwipeTruth.Midnight);
        var snapshot = truth.Snapshot();
        await _repair.UntrustAsync(UserGroups.All);
        Assert.False(await mending!.FinishAsync(snapshot.Marks));
        Assert.Equal(0UL, (await _repair.StatusAsync()).Single().Trusted);
    }

    [Fact]
    public async Task A_user_with_more_than_fits_a_call_is_written_whole()
    {
        const long uid = 5;
        var swiped = Enumerable.Range(100, 30_000).Select(sid => (long)sid).ToArray();
        var likers = Enumerable.Range(100_000, 20_000)
            .Select(liker => new IndexedLiker(liker, (Core.Social.SwipeKind)(1 + liker % 2), SwipeTruth.Midnight + liker)).ToArray();
        var mending = await _repair.BeginAsync(5, SwipeTruth.Midnight);
        Assert.True(await mending!.WriteAsync(
            [new MendedUser(uid, swiped, likers, default), new MendedUser(uid + 64, swiped.AsMemory(0, 3), default, default)]));
        Assert.True(await mending.FinishAsync([new LaneMark(1, 2, long.MaxValue)]));
        var found = await _repair.ReadAsync(uid, SwipeTruth.Midnight);
        Assert.Equal(swiped, found.Swiped.Order());
        Assert.Equal(likers.Select(liker => (liker.Uid, liker.At)), found.Likers.Select(liker => (liker.Key, liker.Value)).Order());
        Assert.Equal(10_000, found.Superlikers.Count);
        Assert.Equal([new LaneMark(1, 2, long.MaxValue)], found.Applied);
    }

    private async Task ApplyAsync(IndexBatch batch)
    {
        _index.Enqueue(batch);
        await batch.Applied;
    }
}
