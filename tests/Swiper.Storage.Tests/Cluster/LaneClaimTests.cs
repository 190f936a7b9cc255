using Swiper.Core.Social;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Tests.Cluster;

/// <summary>A lane is one host's, also where two believe to have its number.</summary>
[Collection(nameof(ClusterCollection))]
public sealed class LaneClaimTests(ClusterServers servers) : IAsyncDisposable
{
    // A host whose lease a test ends by hand must not renew it meanwhile.
    private readonly TestCluster _cluster = new(servers, nodeLease: TimeSpan.FromHours(1));

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_former_holder_of_a_number_writes_no_swipe_once_the_next_one_has_written(int shard)
    {
        var older = await _cluster.StartHostAsync();
        var ann = await older.NewUidAsync(shard);
        var bob = await older.NewUidAsync();
        var eve = await older.NewUidAsync(shard);
        // The lane is its own.
        await older.SwipeAsync(ann, bob);
        var newer = await StartWithNumberOfAsync(older);
        await newer.SwipeAsync(eve, bob);

        await older.FailToSwipeAsync(ann, eve);
        Assert.Equal(0, _cluster.Count(shard, "swiped WHERE uid = @p0 AND sid = @p1", ann, eve));
        await _cluster.UntilAsync(() => _cluster.Count(shard, "journal") == 0, "an empty journal");
        Assert.Equal([2L], _cluster.Query(shard, "SELECT epoch FROM lanes")[0]);
        Assert.False((await newer.SwipeAsync(ann, eve)).Repeated);
        Assert.Empty(await _cluster.CompareAsync());
    }

    [Fact]
    public async Task What_a_former_holder_wrote_before_is_known_to_the_next_one_and_the_next_ones_batches_are_newer()
    {
        var older = await _cluster.StartHostAsync();
        var people = await older.NewUidsAsync(20);
        foreach (var uid in people[1..])
            await older.SwipeAsync(uid, people[0], SwipeKind.Superlike);
        var newer = await StartWithNumberOfAsync(older);
        foreach (var uid in people[1..])
        {
            Assert.True((await newer.SwipeAsync(uid, people[0], SwipeKind.Superlike)).Repeated);
            await newer.SwipeAsync(people[0], uid);
            await newer.SwipeAsync(uid, people[1] == uid ? people[2] : people[1]);
        }

        for (var shard = 0; shard < 2; shard++)
        {
            var (before, after) = (Batches(shard, "kind = 2"), Batches(shard, "kind = 1"));
            Assert.True(after.Min() > before.Max());
        }
        Assert.Empty(await _cluster.CompareAsync());
    }

    [Fact]
    public async Task The_batches_of_a_lane_grow_from_start_to_start_also_where_the_clock_goes_back()
    {
        var host = await _cluster.StartHostAsync(clock: ClockAhead(TimeSpan.FromMinutes(1)));
        var people = await host.NewUidsAsync(30);
        var (last, seen) = (new long[2], new long[2]);
        for (var start = 0; start < 3; start++)
        {
            foreach (var sid in people[(1 + start * 9)..(10 + start * 9)])
            {
                await host.SwipeAsync(people[0], sid);
                await host.SwipeAsync(sid, people[0]);
            }
            for (var shard = 0; shard < 2; shard++)
            {
                var batches = Batches(shard, $"batch > {last[shard]}");
                // None of this start's is missing among those that are greater than all before.
                Assert.Equal(_cluster.Count(shard, "swiped") - seen[shard], batches.Count);
                seen[shard] = _cluster.Count(shard, "swiped");
                last[shard] = batches.Max();
                Assert.Equal(last[shard], _cluster.Query(shard, "SELECT last_batch FROM lanes WHERE node = 0")[0][0]);
            }
            await _cluster.StopAsync(host);
            _cluster.Shard(0).Execute("UPDATE nodes SET until = 0");
            host = await _cluster.StartHostAsync(clock: ClockAhead(TimeSpan.FromHours(-start)));
            Assert.Equal(0, host.Engine.Node);
        }
        Assert.Empty(await _cluster.CompareAsync());
    }

    private static FakeTimeProvider ClockAhead(TimeSpan by) => new(TimeProvider.System.GetUtcNow() + by);

    private List<long> Batches(int shard, string which)
    {
        var batches = _cluster.Query(shard, $"SELECT batch FROM swiped WHERE {which}").ConvertAll(row => row[0]);
        Assert.All(batches, batch => Assert.Equal(0, BatchIds.NodeOf(batch)));
        return batches;
    }

    // The older one has been silent, as the database knows it, and goes on as if nothing had happened.
    private async Task<TestHost> StartWithNumberOfAsync(TestHost older)
    {
        _cluster.Shard(0).Execute("UPDATE nodes SET until = CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED)");
        await _cluster.AwaitEndOfLeaseAsync(older.Engine.Node);
        var newer = await _cluster.StartHostAsync();
        Assert.Equal(older.Engine.Node, newer.Engine.Node);
        return newer;
    }
}
