using Swiper.Core.Accounts;
using Swiper.Core.Social;
using Swiper.Storage.Indexes;
using Swiper.Storage.Tests.Cluster;

namespace Swiper.Storage.Tests.Contract;

/// <summary>What <see cref="IDeckRepository"/> promises.</summary>
[Collection(nameof(ClusterCollection))]
public sealed class DeckContract(ClusterServers servers) : EngineContract(servers)
{
    private static readonly Place Home = new(52.52, 13.4);
    private static readonly DateOnly Today = new(2026, 7, 15);

    [Theory, OnEveryEngine]
    public async Task A_deck_has_people_of_the_sex_age_and_distance_asked_for(EngineKind engine)
    {
        await StartAsync(engine);
        var me = await NewPersonAsync(profile => profile with
        {
            Place = Home,
            DatingSex = Sex.Male,
            MinAge = 20,
            MaxAge = 30,
            MinDistance = 1,
            MaxDistance = 10,
        });
        var near = await ManAsync(steps: 1, age: 25);
        var nearest = await ManAsync(steps: 0, age: 20);
        var farthest = await ManAsync(steps: 8, age: 30);
        await ManAsync(steps: 9, age: 25);
        await ManAsync(steps: 1, age: 19);
        await ManAsync(steps: 1, age: 31);
        await NewPersonAsync(profile => profile with { Sex = Sex.Male });
        await NewPersonAsync(profile => profile with { Sex = Sex.Female, Place = Home });

        var deck = await DrawAsync(me);
        Assert.Equal(
            [(nearest.Uid, 1), (near.Uid, 2), (farthest.Uid, 9)],
            deck.People.Select(person => (person.Uid, Km: person.Km!.Value)).OrderBy(person => person.Km));
        Assert.All(deck.People, person => Assert.False(person.SuperlikedMe));
        await ReopenAsync();
        Assert.Equal(deck.People, (await DrawAsync(me)).People);
        Assert.Equal(deck.People.Take(2), (await DrawAsync(me, count: 2)).People);
    }

    [Theory, OnEveryEngine]
    public async Task Whoever_is_swiped_or_a_friend_is_never_shown_again_and_superlikers_come_first(EngineKind engine)
    {
        await StartAsync(engine);
        var me = await NewPersonAsync(profile => profile with { Sex = Sex.Female, DatingSex = Sex.Male });
        var men = new List<Profile>();
        for (var i = 0; i < 8; i++)
            men.Add(await NewPersonAsync(profile => profile with { Sex = Sex.Male }));
        await SwipeAsync(me.Uid, men[0].Uid, SwipeKind.Like);
        await SwipeAsync(me.Uid, men[1].Uid, SwipeKind.Dislike);
        await SwipeAsync(me.Uid, men[2].Uid, SwipeKind.Superlike);
        await SwipeAsync(men[3].Uid, me.Uid, SwipeKind.Superlike, at: 1_784_116_800_003);
        await SwipeAsync(men[4].Uid, me.Uid, SwipeKind.Superlike, at: 1_784_116_800_007);
        await SwipeAsync(men[5].Uid, me.Uid, SwipeKind.Superlike, at: 1_784_116_800_009);
        await SwipeAsync(me.Uid, men[5].Uid, SwipeKind.Like);
        await SwipeAsync(men[6].Uid, me.Uid, SwipeKind.Like);

        await AssertDeckAsync();
        await ReopenAsync();
        await AssertDeckAsync();

        async Task AssertDeckAsync()
        {
            var deck = await DrawAsync(me);
            Assert.Equal([men[3].Uid, men[4].Uid], deck.People.Take(2).Select(person => person.Uid));
            Assert.Equal([true, true, false, false], deck.People.Select(person => person.SuperlikedMe));
            Assert.Equal(new[] { men[6].Uid, men[7].Uid }.Order(), deck.People.Skip(2).Select(person => person.Uid).Order());
        }
    }

    [Theory]
    [OnEveryEngine(true)]
    [OnEveryEngine(false)]
    public async Task Whoever_has_swiped_two_hundred_thousand_people_still_finds_the_others(EngineKind engine, bool byIndex)
    {
        const int near = 25_000;
        await StartAsync(engine);
        var me = await NewPersonAsync(profile => profile with { Place = Home, DatingSex = Sex.Male, MaxDistance = 100 });
        // One of a thousand near people, and some farther away, are left.
        var swiped = Put(near, from: 0);
        var left = swiped.Where((_, index) => index % 1_000 == 999).ToHashSet();
        swiped.RemoveAll(left.Contains);
        left.UnionWith(Put(100, from: 50));
        swiped.AddRange(Put(200_000 - near, from: 5_000));
        await PutSwipesAsync(me.Uid, swiped);
        if (!byIndex)
            PassIndexOver();

        // Whoever may not ask for all of them for one deck gets further with the next.
        var shown = new HashSet<long>();
        for (var decks = 0; decks < 3 && shown.Count < 30; decks++)
        {
            var deck = (await DrawAsync(me)).People;
            Assert.All(deck, person => Assert.Contains(person.Uid, left));
            shown.UnionWith(deck.Select(person => person.Uid));
        }
        Assert.Equal(30, shown.Count);
        var explained = await Engine.Decks.DrawAsync(me, 30, Today, why: true, TestContext.Current.CancellationToken);
        Assert.Equal(30, explained.People.Count);
        if (byIndex)
            Assert.InRange(explained.Exclusions.Seen, near / 2, near * 2);

        // So many steps from home, and up to twenty farther.
        List<long> Put(int count, int from)
        {
            var uids = new List<long>(count);
            for (var i = 0; i < count; i++)
            {
                uids.Add(Engine.NewUid());
                var place = new GeoPoint(Home.Lat + (from + i % 20) * 0.01 - (from > 1_000 ? 100 : 0), Home.Lon);
                Everybody.Load(uids[i], new Person(Sex.Male, Today.AddYears(-25).DayNumber, GridPlace.Snap(place), 0));
            }
            return uids;
        }
    }

    [Theory, OnEveryEngine]
    public async Task A_superliker_may_be_far_away_and_of_another_age_but_not_of_another_sex(EngineKind engine)
    {
        await StartAsync(engine);
        const int women = 130;
        var me = await NewPersonAsync(profile => profile with { Place = Home, DatingSex = Sex.Male, MaxAge = 30 });
        // All of them superliked earlier than the men did.
        for (var i = 0; i < women; i++)
        {
            var woman = await NewPersonAsync(profile => profile with { Sex = Sex.Female, Place = Home });
            await SwipeAsync(woman.Uid, me.Uid, SwipeKind.Superlike, at: Now);
        }
        var sexless = await NewPersonAsync(profile => profile with { Sex = Sex.Unknown, Place = Home });
        var ageless = await ManAsync(steps: 1, age: null);
        var old = await ManAsync(steps: 1, age: 60);
        var far = await ManAsync(steps: 1_000, age: 25);
        var alsoFar = await ManAsync(steps: 1_000, age: 25);
        foreach (var (index, man) in new[] { sexless, ageless, old, far, alsoFar }.Index())
            await SwipeAsync(man.Uid, me.Uid, SwipeKind.Superlike, at: Now + 1 + index);

        await AssertDeckAsync();
        await ReopenAsync();
        await AssertDeckAsync();

        async Task AssertDeckAsync()
        {
            Assert.Equal([old.Uid, far.Uid, alsoFar.Uid], (await DrawAsync(me)).People.Select(person => person.Uid));
            Assert.Equal([old.Uid, far.Uid], (await DrawAsync(me, count: 2)).People.Select(person => person.Uid));
        }
    }

    [Theory, OnEveryEngine]
    public async Task Whoever_has_not_told_sex_and_birthday_is_on_nobodys_deck(EngineKind engine)
    {
        await StartAsync(engine);
        var she = await NewPersonAsync();
        var he = await NewPersonAsync(profile => profile with { Sex = Sex.Male, DatingSex = Sex.Female });
        await SwipeAsync(he.Uid, she.Uid, SwipeKind.Dislike);
        await SwipeAsync(she.Uid, he.Uid, SwipeKind.Dislike);
        var phone = NewPhone();
        var code = CodeRules.NewCode("192.0.2.1", Now);
        Assert.Equal(default, await Engine.Accounts.IssueCodeAsync(phone, code));
        var newcomer = (await Engine.Accounts.LogInAsync(phone, code.Code, code.Nonce, Now)).Value.Uid;
        var blank = (await Engine.Accounts.FindAsync(newcomer))!.Profile;
        Assert.Equal((Sex.Unknown, null), (blank.Sex, blank.Birthday));
        await AssertDecksAsync([], []);

        await UpdateAsync(new ProfileChange { Sex = Sex.Female });
        await AssertDecksAsync([], []);
        await UpdateAsync(new ProfileChange { Birthday = new DateOnly(2000, 1, 1) });
        await AssertDecksAsync([], [newcomer]);
        await ReopenAsync();
        await AssertDecksAsync([], [newcomer]);

        async Task UpdateAsync(ProfileChange change)
        {
            Assert.True((await Engine.Accounts.UpdateAsync(newcomer, change, Now)).IsOk);
            await ReopenAsync();
        }

        async Task AssertDecksAsync(long[] hers, long[] his)
        {
            Assert.Equal(hers, (await DrawAsync(she)).People.Select(person => person.Uid));
            var deck = await DrawAsync(he);
            Assert.Equal(his, deck.People.Select(person => person.Uid));
            if (his.Length == 0)
                Assert.Equal(new DeckExclusions(Sex: 0, Place: 0, Age: 0, Seen: 1), deck.Exclusions);
        }
    }

    [Theory, OnEveryEngine]
    public async Task A_new_user_and_a_changed_profile_are_on_the_next_deck(EngineKind engine)
    {
        await StartAsync(engine);
        var me = await NewPersonAsync();
        Assert.Empty((await DrawAsync(me)).People);
        var other = await NewPersonAsync();
        Assert.Empty((await DrawAsync(me)).People);

        Assert.True((await Engine.Accounts.UpdateAsync(other.Uid, new ProfileChange { Sex = Sex.Male }, Now)).IsOk);
        Assert.Equal(other.Uid, Assert.Single((await DrawAsync(me)).People).Uid);
        await ReopenAsync();
        Assert.Equal(other.Uid, Assert.Single((await DrawAsync(me)).People).Uid);
    }

    [Theory, OnEveryEngine]
    public async Task Whoever_removes_their_place_is_off_the_decks_that_go_by_distance(EngineKind engine)
    {
        await StartAsync(engine);
        var me = await NewPersonAsync(profile => profile with { Place = Home });
        var man = await ManAsync(steps: 1, age: 25);
        Assert.Equal(new DeckCandidate(man.Uid, Km: 2, SuperlikedMe: false), Assert.Single((await DrawAsync(me)).People));

        Assert.True((await Engine.Accounts.UpdateAsync(man.Uid, new ProfileChange { RemovePlace = true }, Now)).IsOk);
        Assert.Empty((await DrawAsync(me)).People);
        var anywhere = await DrawAsync(me with { Place = null });
        Assert.Equal(new DeckCandidate(man.Uid, Km: null, SuperlikedMe: false), Assert.Single(anywhere.People));
    }

    [Theory, OnEveryEngine]
    public async Task A_dating_location_finds_people_of_that_text_at_any_distance(EngineKind engine)
    {
        await StartAsync(engine);
        var me = await NewPersonAsync(profile => profile with { Place = Home, DatingLocation = "Kyiv" });
        var there = await NewPersonAsync(profile => profile with { Sex = Sex.Male, Location = "Kyiv", Place = new Place(50.45, 30.52) });
        await NewPersonAsync(profile => profile with { Sex = Sex.Male, Location = "Berlin", Place = Home });

        Assert.Equal(there.Uid, Assert.Single((await DrawAsync(me)).People).Uid);
        Assert.Empty((await DrawAsync(me with { DatingLocation = "kyiv" })).People);
    }

    [Theory, OnEveryEngine]
    public async Task An_empty_deck_says_how_many_others_each_filter_left_out(EngineKind engine)
    {
        await StartAsync(engine);
        var me = await NewPersonAsync(profile => profile with { Place = Home, MinAge = 20, MaxAge = 30 });
        await ManAsync(steps: 1_000, age: 25);
        await ManAsync(steps: 3, age: 40);
        await ManAsync(steps: 3, age: 41);
        var seen = await ManAsync(steps: 3, age: 25);
        await SwipeAsync(me.Uid, seen.Uid, SwipeKind.Dislike);

        var deck = await DrawAsync(me);
        Assert.Empty(deck.People);
        Assert.Equal(new DeckExclusions(Sex: 0, Place: 1, Age: 2, Seen: 1), deck.Exclusions);

        // Of the sex that they look for themselves: neither seen nor anything else.
        var him = await NewPersonAsync(profile => profile with
        {
            Sex = Sex.Male,
            Place = Home,
            MaxDistance = 1,
            MinAge = 20,
            MaxAge = 30,
        });
        Assert.Equal(new DeckExclusions(Sex: 1, Place: 4, Age: 0, Seen: 0), (await DrawAsync(him)).Exclusions);
        Assert.Empty((await DrawAsync(me with { Uid = Engine.NewUid() })).People);
    }

    [Theory]
    [OnEveryEngine(0, 10)]
    [OnEveryEngine(30.017, -120.004)]
    [OnEveryEngine(-52.523, 179.996)]
    [OnEveryEngine(69.65, 18.95)]
    [OnEveryEngine(85.008, 77.7)]
    [OnEveryEngine(89.9, -45)]
    public async Task Whoever_moves_around_somebody_learns_their_place_to_about_a_kilometre_only(EngineKind engine, double lat, double lon)
    {
        await StartAsync(engine);
        var home = new Place(lat, lon);
        var hidden = await NewPersonAsync(profile => profile with { Sex = Sex.Male, Place = home, Birthday = Today.AddYears(-30) });
        var me = await NewPersonAsync(profile => profile with { MaxDistance = 20 });

        // All that decks say to somebody who asks at 100 places, from right there to 9 km away.
        var answers = new List<(Place From, int Km)>();
        for (var step = 0; step < 100; step++)
        {
            var (direction, km) = (step * 2.4, step * 0.09);
            var from = Moved(home, eastKm: km * Math.Cos(direction), northKm: km * Math.Sin(direction));
            var seen = Assert.Single((await DrawAsync(me with { Place = from })).People);
            Assert.Equal(hidden.Uid, seen.Uid);
            answers.Add((from, seen.Km!.Value));
        }

        // Where else somebody could be so that the same is said.
        var fits = new List<(double East, double North)>();
        for (var east = -2.0; east <= 2; east += 0.05)
        {
            for (var north = -2.0; north <= 2; north += 0.05)
            {
                var place = GridPlace.Snap(Point(Moved(home, east, north)));
                if (answers.All(answer => new DistanceFrom(Point(answer.From)).ShownKmTo(place) == answer.Km))
                    fits.Add((east, north));
            }
        }
        Assert.InRange(fits.Max(place => place.East) - fits.Min(place => place.East), 0.95, 4);
        Assert.InRange(fits.Max(place => place.North) - fits.Min(place => place.North), 0.95, 4);
        Assert.InRange(fits.Count * 0.05 * 0.05, 0.9, 16);

        static GeoPoint Point(Place place) => new(place.Lat, place.Lon);
    }

    private ValueTask<DeckDraw> DrawAsync(Profile me, int count = 30) => Engine.Decks.DrawAsync(me, count, Today);

    // North of home, by steps of 0.01 degree, which are 1.112 km and the grid that places are blurred to.
    private Task<Profile> ManAsync(int steps, int? age) => NewPersonAsync(profile => profile with
    {
        Sex = Sex.Male,
        Place = Home with { Lat = Home.Lat + steps * 0.01 },
        Birthday = age is { } years ? Today.AddYears(-years) : null,
    });

    private static Place Moved(Place from, double eastKm, double northKm)
    {
        const double kmADegree = 111.195;
        return new Place(from.Lat + northKm / kmADegree, from.Lon + eastKm / kmADegree / Math.Cos(double.DegreesToRadians(from.Lat)));
    }
}
