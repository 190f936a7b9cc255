using Swiper.Storage.Cluster.Social;

namespace Swiper.Storage.Tests.Cluster;

public sealed class KnownSwipesTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly KnownSwipes _known;

    public KnownSwipesTests() => _known = new KnownSwipes(_clock);

    [Fact]
    public void What_was_learnt_is_there_for_the_next_deck_and_for_one_at_a_time()
    {
        Learn(1, 10, 11);

        var known = _known.Take(1);
        Assert.Equal([10, 11], known.Swiped.Order());
        Assert.Empty(_known.Take(1).Swiped);
        _known.Keep(known);
        Assert.Equal([10, 11], _known.Take(1).Swiped.Order());
        Assert.Empty(_known.Take(2).Swiped);
    }

    [Fact]
    public void An_hour_after_the_first_was_learnt_all_are_asked_for_again()
    {
        Learn(1, 10);
        _clock.Advance(TimeSpan.FromMinutes(50));
        Learn(1, 11);
        _clock.Advance(TimeSpan.FromMinutes(11));
        Assert.Empty(_known.Take(1).Swiped);
    }

    [Fact]
    public void A_rewind_forgets_also_what_a_deck_holds_at_that_moment()
    {
        Learn(1, 10);
        Learn(2, 20);
        var held = _known.Take(1);
        _known.Forget(1);
        _known.Keep(held);
        Assert.Empty(_known.Take(1).Swiped);
        Assert.Equal([20], _known.Take(2).Swiped);
    }

    [Fact]
    public void The_memory_is_bounded_for_one_and_for_all()
    {
        Learn(0, [.. Enumerable.Range(0, KnownSwipes.MostOfOne + 1)]);
        Assert.Equal(0, _known.Count);
        var users = KnownSwipes.MostOfAll / KnownSwipes.MostOfOne + 1;
        for (var uid = 1; uid <= users; uid++)
        {
            Learn(uid, [.. Enumerable.Range(0, KnownSwipes.MostOfOne)]);
            Assert.InRange(_known.Count, KnownSwipes.MostOfOne, KnownSwipes.MostOfAll);
        }
        Assert.Empty(_known.Take(1).Swiped);
        Assert.NotEmpty(_known.Take(users).Swiped);
    }

    private void Learn(long uid, params int[] swiped)
    {
        var known = _known.Take(uid);
        known.Swiped.UnionWith(swiped);
        _known.Keep(known);
    }
}
