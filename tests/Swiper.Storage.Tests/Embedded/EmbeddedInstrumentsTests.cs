using Microsoft.Extensions.Logging.Abstractions;
using Swiper.Core.Accounts;
using Swiper.Core.Dispatch;
using Swiper.Core.Social;
using Swiper.Storage.Embedded;

namespace Swiper.Storage.Tests.Embedded;

/// <summary>What the embedded engine shows of itself.</summary>
public sealed class EmbeddedInstrumentsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RecordedMeters _meters = new();

    public void Dispose()
    {
        _meters.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Lanes_shards_caches_and_the_disk_are_measured()
    {
        await using var engine = new EmbeddedStorage(
            new EmbeddedOptions(_folder.Path, Shards: 2, CachedProfiles: 1000, CodeRules.Standard), new SessionRegistry(),
            TimeProvider.System, NullLogger<EmbeddedStorage>.Instance, _meters);
        await engine.StartAsync(TestContext.Current.CancellationToken);
        var people = new[] { NewPerson(engine, "+1"), NewPerson(engine, "+2") };
        foreach (var person in people)
            Assert.True(await engine.CreateUserAsync(person));
        await engine.Swipes.SwipeAsync(people[0].Uid, people[1].Uid, SwipeKind.Dislike, Recently.At);
        await engine.Accounts.FindAsync(people[0].Uid);
        // This may still run on a lane.
        await Task.Yield();
        Eventually.Holds(() => engine.Parts.Shards.All(shard => shard.Lane.Unfinished == 0), "idle lanes");

        var measured = _meters.Read();

        var committed = Of("swiper.lane.batch.size");
        Assert.InRange(committed.Sum(), 3, int.MaxValue);
        var times = Of("swiper.lane.commit.duration");
        Assert.Equal(committed.Length, times.Length);
        Assert.All(times, seconds => Assert.InRange(seconds, double.Epsilon, double.MaxValue));
        for (var shard = 0; shard < 2; shard++)
        {
            Assert.Equal([0], measured[$"swiper.lane.depth{{shard={shard},lane=write}}"]);
            Assert.Equal([1], measured[$"swiper.shard.up{{shard={shard}}}"]);
        }

        Assert.Equal([2], measured["swiper.cache.entries{cache=profiles}"]);
        Assert.InRange(Assert.Single(measured["swiper.cache.lookups{cache=profiles,outcome=hit}"]), 1, double.MaxValue);
        Assert.Equal([0], measured["swiper.follow_ups.pending{}"]);
        Assert.Equal([0], measured["swiper.follow_ups.oldest{}"]);
        Assert.InRange(Assert.Single(measured["swiper.disk.free{}"]), 1, double.MaxValue);
        Assert.Empty(engine.FindReasons());

        double[] Of(string histogram) =>
            [.. Enumerable.Range(0, 2).SelectMany(shard => measured[$"{histogram}{{shard={shard},lane=write}}"])];
    }

    private static Profile NewPerson(EmbeddedStorage engine, string phone) =>
        new() { Uid = engine.NewUid(), Phone = phone, Created = Recently.At, Sex = Sex.Female };
}
