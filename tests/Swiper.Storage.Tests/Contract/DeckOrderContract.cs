using Swiper.Core.Accounts;
using Swiper.Core.Protocol;
using Swiper.Core.Social;
using Swiper.Storage.Cluster.Ranking;
using Swiper.Storage.Tests.Cluster;

namespace Swiper.Storage.Tests.Contract;

/// <summary>What <see cref="IDeckRepository"/> promises about the order of people.</summary>
[Collection(nameof(ClusterCollection))]
public sealed class DeckOrderContract(ClusterServers servers) : EngineContract(servers)
{
    private static readonly Place Home = new(52.52, 13.4);

    // Noon, far ahead: what Redis deletes after its time must not be deleted at once.
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2043, 7, 15, 12, 0, 0, TimeSpan.Zero));

    protected override TimeProvider Clock => _clock;

    private DateOnly Today => WireTime.Day(Now);

    [Theory, OnEveryEngine]
    public async Task The_order_is_the_same_all_day_and_another_tomorrow_and_for_somebody_else(EngineKind engine)
    {
        await StartAsync(engine);
        var (me, other) = (await WomanAsync(), await WomanAsync());
        await MenAsync(40);
        var deck = await ShowAsync(me);
        Assert.Equal(30, deck.Length);

        _clock.Advance(TimeSpan.FromHours(11));
        Assert.Equal(deck, await ShowAsync(me));
        Assert.Equal(deck[..7], await ShowAsync(me, count: 7));
        Assert.NotEqual(deck, await ShowAsync(other));
        await ReopenAsync();
        Assert.Equal(deck, await ShowAsync(me));

        _clock.Advance(TimeSpan.FromHours(2));
        Assert.NotEqual(deck, await ShowAsync(me));
    }

    [Theory, OnEveryEngine]
    public async Task Of_people_like_each_other_the_near_come_before_the_far(EngineKind engine)
    {
        await StartAsync(engine);
        var me = await WomanAsync(profile => profile with { Place = Home, MaxDistance = 100 });
        var far = await MenAsync(6, profile => profile with { Place = Home with { Lat = Home.Lat + 0.5 } });
        var near = await MenAsync(6, profile => profile with { Place = Home });

        var deck = await ShowAsync(me);
        Assert.Equal(near.Order(), deck[..6].Order());
        Assert.Equal(far.Order(), deck[6..].Order());
    }

    [Theory, OnEveryEngine]
    public async Task Who_is_active_rises_and_who_stays_away_sinks_also_after_a_restart(EngineKind engine)
    {
        await StartAsync(engine);
        var me = await WomanAsync();
        var (never, before, now) = (await MenAsync(4), await MenAsync(4), await MenAsync(4));
        before.ForEach(Engine.Activity.Note);
        Assert.Equal(before.Order(), (await ShowAsync(me))[..4].Order());

        _clock.Advance(TimeSpan.FromDays(4));
        now.ForEach(Engine.Activity.Note);
        await AssertOrderAsync();
        await ReopenAsync();
        await AssertOrderAsync();

        // Who comes back rises again.
        _clock.Advance(TimeSpan.FromDays(3));
        before.ForEach(Engine.Activity.Note);
        Assert.Equal(before.Order(), (await ShowAsync(me))[..4].Order());

        async Task AssertOrderAsync()
        {
            var deck = await ShowAsync(me);
            Assert.Equal(now.Order(), deck[..4].Order());
            Assert.Equal(before.Order(), deck[4..8].Order());
            Assert.Equal(never.Order(), deck[8..].Order());
        }
    }

    [Theory, OnEveryEngine]
    public async Task Who_is_liked_rises_and_who_is_disliked_sinks(EngineKind engine)
    {
        await StartAsync(engine);
        var me = await WomanAsync();
        var (disliked, plain, liked) = (await MenAsync(2), await MenAsync(2), await MenAsync(2));
        for (var i = 0; i < 15; i++)
        {
            var woman = await WomanAsync();
            foreach (var man in liked)
                await SwipeAsync(woman.Uid, man, SwipeKind.Superlike);
            foreach (var man in disliked)
                await SwipeAsync(woman.Uid, man, SwipeKind.Dislike);
        }

        await AssertOrderAsync();
        await ReopenAsync();
        await AssertOrderAsync();

        // Hosts of a cluster read the points now and then.
        Task AssertOrderAsync() => Eventually.HoldsAsync(
            async () =>
            {
                _clock.Advance(Hotness.Interval);
                var deck = await ShowAsync(me);
                return deck[..2].Order().SequenceEqual(liked.Order()) && deck[4..].Order().SequenceEqual(disliked.Order());
            },
            "the liked first and the disliked last");
    }

    [Theory, OnEveryEngine]
    public async Task A_deck_explains_itself_and_its_numbers_add_up_to_the_order(EngineKind engine)
    {
        await StartAsync(engine);
        var me = await WomanAsync(profile => profile with { Place = Home, MaxDistance = 100, MinAge = 20, MaxAge = 30 });
        var men = new List<long>();
        for (var steps = 0; steps < 12; steps++)
            men.AddRange(await MenAsync(2, profile => profile with { Place = Home with { Lat = Home.Lat + steps * 0.05 } }));
        men[..10].ForEach(Engine.Activity.Note);
        var (fan, seen) = (men[20], men[0]);
        await SwipeAsync(fan, me.Uid, SwipeKind.Superlike);
        await SwipeAsync(me.Uid, seen, SwipeKind.Dislike);
        await Engine.Blocks.BlockAsync(men[1], me.Uid, Now);
        await MenAsync(3, profile => profile with { Place = Home, Birthday = Today.AddYears(-31) });
        await MenAsync(5, profile => profile with { Place = new Place(0, 0) });
        await WomanAsync();

        var plain = await Engine.Decks.DrawAsync(me, 10, Today, left: Stop);
        Assert.Null(plain.Whys);
        Assert.Equal(default, plain.Exclusions);
        var deck = await Engine.Decks.DrawAsync(me, 10, Today, why: true, left: Stop);
        Assert.Equal(plain.People, deck.People);
        Assert.Equal(new DeckExclusions(Sex: 1, Place: 5, Age: 3, Seen: 2), deck.Exclusions);

        var whys = deck.Whys!;
        Assert.Equal(deck.People.Count, whys.Count);
        Assert.Equal(fan, deck.People[0].Uid);
        Assert.All(whys, why => Assert.Equal(why.Hot + why.Active + why.Near + why.Luck, why.Score));
        Assert.All(deck.People.Zip(whys), each => Assert.Equal(each.First.ByTurn, each.Second.Turn));
        Assert.All(deck.People.Zip(whys), each => Assert.Equal(DeckScore.Of(0, null, each.First.Km, 0).Near, each.Second.Near));
        Assert.All(whys, why => Assert.Contains(why.Active, new[] { 0, 300 }));
        var scores = whys.Skip(1).Where(why => !why.Turn).Select(why => why.Score).ToList();
        Assert.Equal(scores.OrderDescending(), scores);
        Assert.InRange(scores.Count, 8, 9);

        // All of them: nobody goes by turns.
        var all = await Engine.Decks.DrawAsync(me, 100, Today, why: true, left: Stop);
        Assert.Equal(22, all.People.Count);
        Assert.DoesNotContain(all.Whys!, why => why.Turn);
        Assert.Equal(all.Whys!.Skip(1).Select(why => why.Score).OrderDescending(), all.Whys!.Skip(1).Select(why => why.Score));
        Assert.Equal(deck.Exclusions, all.Exclusions);
    }

    [Theory, OnEveryEngine]
    public async Task Everybody_active_has_a_turn_once_a_day_and_stays_on_that_deck(EngineKind engine)
    {
        await StartAsync(engine);
        var men = await MenAsync(60, profile => profile with { Place = Home });
        // Disliked by all, far away, and at the bottom of every deck.
        var outsider = Assert.Single(await MenAsync(1, profile => profile with { Place = Home with { Lat = Home.Lat + 0.4 } }));
        long[] everybody = [.. men, outsider];
        Array.ForEach(everybody, Engine.Activity.Note);
        var shown = new HashSet<long>();
        for (var looking = 0; looking < 30; looking++)
        {
            var me = await WomanAsync(profile => profile with { Place = Home, MaxDistance = 100 });
            var deck = await Engine.Decks.DrawAsync(me, 10, Today, left: Stop);
            Engine.Decks.Shown(me.Uid, deck, deck.People.Count, Today);
            var turns = deck.People.Where(person => person.ByTurn).ToList();
            // As long as there is somebody whose turn it is, and never twice. Who is among the best anyway, by luck, needs none.
            var best = deck.People.Where(person => !person.ByTurn).Take(8).Select(person => person.Uid);
            Assert.Equal(Math.Min(2, everybody.Except(shown).Except(best).Count()), turns.Count);
            Assert.All(turns, person => Assert.DoesNotContain(person.Uid, shown));
            Assert.All(deck.People.Index(), each => Assert.True(!each.Item.ByTurn || DeckRules.IsTurn(each.Index)));
            shown.UnionWith(deck.People.Select(person => person.Uid));
            // It stays as it is, but for the last turn as long as others wait.
            var again = await Engine.Decks.DrawAsync(me, 10, Today, left: Stop);
            Assert.Equal(deck.People.Take(9), again.People.Take(9));
            Assert.Equal(shown.Count < 61, deck.People[9] != again.People[9]);
        }
        Assert.Equal(61, shown.Count);

        // Tomorrow there is another turn for who comes again.
        _clock.Advance(TimeSpan.FromDays(1));
        var late = await WomanAsync(profile => profile with { Place = Home, MaxDistance = 100 });
        Assert.DoesNotContain((await Engine.Decks.DrawAsync(late, 10, Today, left: Stop)).People, person => person.ByTurn);
        Engine.Activity.Note(outsider);
        var (people, _, _) = await Engine.Decks.DrawAsync(late, 10, Today, left: Stop);
        Assert.Equal(outsider, Assert.Single(people, person => person.ByTurn).Uid);
        await SwipeAsync(late.Uid, outsider, SwipeKind.Dislike);
        Assert.DoesNotContain((await Engine.Decks.DrawAsync(late, 10, Today, left: Stop)).People, person => person.ByTurn);
    }

    private async Task<long[]> ShowAsync(Profile me, int count = 30) =>
        [.. (await Engine.Decks.DrawAsync(me, count, Today, left: Stop)).People.Select(person => person.Uid)];

    private Task<Profile> WomanAsync(Func<Profile, Profile>? shape = null) => NewPersonAsync(profile =>
        shape?.Invoke(Aged(profile)) ?? Aged(profile));

    private async Task<List<long>> MenAsync(int count, Func<Profile, Profile>? shape = null)
    {
        var men = new List<long>();
        for (var i = 0; i < count; i++)
        {
            var man = await NewPersonAsync(profile =>
                shape?.Invoke(Aged(profile) with { Sex = Sex.Male }) ?? Aged(profile) with { Sex = Sex.Male });
            men.Add(man.Uid);
        }
        return men;
    }

    private Profile Aged(Profile profile) => profile with { Birthday = Today.AddYears(-25) };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;
}
