using Swiper.Storage.Tests.MySql;

namespace Swiper.Storage.Tests.Cluster;

/// <summary>What people are answered 1004 for stands in the log, and once a minute that it still is so.</summary>
[Collection(nameof(ClusterCollection))]
public sealed class LongWaitsTests : IClassFixture<MariaDbServer>, IAsyncDisposable
{
    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());
    private readonly MariaDbServer _second;
    private readonly TestCluster _cluster;

    public LongWaitsTests(ClusterServers servers, MariaDbServer second)
    {
        _second = second;
        _cluster = new TestCluster(servers, second, _clock);
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task A_shard_that_does_not_answer_and_the_batches_that_wait_for_it_are_told_of_each_minute()
    {
        var host = await _cluster.StartHostAsync();
        var (ann, there) = (await host.NewUidAsync(0), await host.NewUidAsync(1));
        _second.Pause();
        try
        {
            await host.FailToSwipeAsync(ann, there);
            await _cluster.UntilAsync(() => host.Log.Of(3004).Count > 0, "the shard in the log");
            for (var lines = 1; lines <= 2; lines++)
            {
                // The shard was told of when it failed, and a minute after that; the batch when it was half a minute old.
                await AdvanceUntilAsync(
                    () => host.Log.Of(3009).Count >= lines && host.Log.Of(3113).Count > lines, "what waits in the log");
            }
            Assert.All(host.Log.Of(3009), line => Assert.StartsWith("Shard 1", line));
            Assert.Contains(host.Log.Of(3113), line => line.Contains("likes-back queries on shard 1", StringComparison.Ordinal));
        }
        finally
        {
            _second.Continue();
        }

        await _cluster.AwaitEmptyJournalsAsync();
        Assert.Equal([ann], await host.LikersAsync(there));
    }

    [Fact]
    public async Task A_shard_that_answers_and_refuses_is_told_of_once_a_minute()
    {
        var host = await _cluster.StartHostAsync();
        var (ann, bob) = (await host.NewUidAsync(0), await host.NewUidAsync(0));
        // As a full disk does it.
        _cluster.Shard(0).ExecuteText(
            "CREATE TRIGGER full BEFORE INSERT ON swiped FOR EACH ROW SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = 1114");
        for (var minutes = 1; minutes <= 2; minutes++)
        {
            await host.FailToSwipeAsync(ann, bob);
            await host.FailToSwipeAsync(bob, ann);
            Assert.Equal(minutes, host.Log.Of(3008).Count);
            _clock.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Empty(host.Log.Of(3004));
        _cluster.Shard(0).ExecuteText("DROP TRIGGER full");
        await host.SwipeAsync(ann, bob);
    }

    private Task AdvanceUntilAsync(Func<bool> condition, string what) => _cluster.UntilAsync(
        () =>
        {
            _clock.Advance(TimeSpan.FromSeconds(10));
            return condition();
        },
        what);
}
