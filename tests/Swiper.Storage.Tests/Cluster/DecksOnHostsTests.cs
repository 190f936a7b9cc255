using Swiper.Core.Accounts;
using Swiper.Core.Social;
using Swiper.Storage.Cluster.Ranking;

namespace Swiper.Storage.Tests.Cluster;

/// <summary>How a host learns what the order of its decks depends on and happens elsewhere.</summary>
[Collection(nameof(ClusterCollection))]
public sealed class DecksOnHostsTests : IAsyncDisposable
{
    private const int NotRead = 3130;
    private const int ReadAgain = 3131;

    // Noon, far ahead: what Redis deletes after its time must not be deleted at once.
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2043, 7, 15, 12, 0, 0, TimeSpan.Zero));
    private readonly TestCluster _cluster;

    public DecksOnHostsTests(ClusterServers servers) =>
        _cluster = new TestCluster(servers, nodeLease: TimeSpan.FromDays(30), clock: _clock);

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Who_is_active_on_one_host_rises_on_the_decks_of_the_other()
    {
        var (here, there) = (await _cluster.StartHostAsync(), await _cluster.StartHostAsync());
        var (me, men) = await PeopleAsync(here, 12);
        await _cluster.UntilAsync(async () => (await there.DeckAsync(me)).Length == 12, "all of them on the deck");
        men[..3].ForEach(here.Engine.Activity.Note);

        // Written within a minute, read within five.
        await UntilAsync(
            TimeSpan.FromSeconds(30), async () => men[..3].Order().SequenceEqual((await there.DeckAsync(me))[..3].Order()),
            "the active first");
    }

    [Fact]
    public async Task Who_is_liked_through_one_host_rises_on_the_decks_of_the_other_and_stays_there_while_the_index_cannot_be_read()
    {
        var (here, there) = (await _cluster.StartHostAsync(), await _cluster.StartHostAsync());
        var (me, men) = await PeopleAsync(here, 6);
        foreach (var fan in await here.NewUidsAsync(30))
        {
            await here.SwipeAsync(fan, men[0], SwipeKind.Superlike);
            await here.SwipeAsync(fan, men[1], SwipeKind.Superlike);
            await here.SwipeAsync(fan, men[2], SwipeKind.Dislike);
        }
        await UntilOrderedAsync();

        // As if somebody were rebuilding it and never came to an end; at once, or a host would begin to.
        _cluster.Redis.Command(
            "EVAL", "redis.call('FLUSHALL') for group = 0, 63 do redis.call('SET', '{' .. group .. '}:mending', 'somebody') end", "0");
        var log = there.Log;
        var before = log.Of(NotRead).Count;
        await UntilAsync(Hotness.Interval, () => Task.FromResult(log.Of(NotRead).Count > before), "a warning");
        Assert.True(await IsOrderedAsync());

        var again = log.Of(ReadAgain).Count;
        _cluster.Redis.Command("FLUSHALL");
        await UntilAsync(Hotness.Interval, () => Task.FromResult(log.Of(ReadAgain).Count > again), "word that it can be read again");
        Assert.Equal(before + 1, log.Of(NotRead).Count);
        Assert.True(await IsOrderedAsync());

        Task UntilOrderedAsync() => UntilAsync(Hotness.Interval, IsOrderedAsync, "the liked first and the disliked last");

        async Task<bool> IsOrderedAsync()
        {
            var deck = await there.DeckAsync(me);
            return deck.Length == 6 && deck[..2].Order().SequenceEqual(men[..2].Order()) && deck[^1] == men[2];
        }
    }

    private static async Task<(Profile Me, List<long> Men)> PeopleAsync(TestHost host, int count)
    {
        var men = new List<long>();
        for (var i = 0; i < count; i++)
            men.Add((await host.NewPersonAsync(shape: profile => profile with { Sex = Sex.Male })).Uid);
        return (await host.NewPersonAsync(shape: profile => profile with { DatingSex = Sex.Male }), men);
    }

    private Task UntilAsync(TimeSpan step, Func<Task<bool>> condition, string what) => Eventually.HoldsAsync(
        () =>
        {
            _clock.Advance(step);
            return condition();
        },
        what);
}
