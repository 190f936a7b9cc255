using Swiper.Core.Accounts;
using Swiper.Core.Social;
using Swiper.Storage.Caching;
using Swiper.Storage.Cluster.Social;
using Swiper.Storage.Indexes;

namespace Swiper.Storage.Tests.Cluster;

/// <summary>Decks of users whose swipes are too many to be read.</summary>
public sealed class AskedSwipesTests : IDisposable
{
    private const int Places = 30;

    private static readonly DateOnly Today = new(2026, 7, 15);

    private readonly PeopleDirectory _directory = new(new ProfileCacheOptions(10), TimeProvider.System, knowsEverybody: true);
    private readonly DeckSearch _search;
    private readonly Profile _me = new()
    {
        Uid = 1,
        Phone = "+999",
        Created = 0,
        DatingSex = Sex.Male,
        Place = new Place(50, 10),
        MaxDistance = 100,
    };

    public AskedSwipesTests()
    {
        _search = new DeckSearch(_directory, _ => 0);
        Load(_me.Uid, km: 0, Sex.Female);
    }

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(500)]
    [InlineData(15_000)]
    public void Those_who_were_not_swiped_are_found_however_many_nearer_ones_were(int nearer)
    {
        LoadMen(nearer, km: 1);
        LoadMen(50, km: 40);

        var (shown, asked) = Draw([], uid => uid < 2 + nearer);

        Assert.Equal(Places, shown.Length);
        Assert.All(shown, uid => Assert.InRange(uid, 2 + nearer, 2 + nearer + 50));
        Assert.InRange(asked, nearer, nearer + 50);
    }

    [Fact]
    public void A_deck_asks_for_a_bounded_number_and_the_next_one_gets_further()
    {
        const int nearer = 45_000;
        LoadMen(nearer, km: 1);
        LoadMen(50, km: 40);
        var known = new HashSet<int>();

        var decks = Enumerable.Range(0, 4).Select(_ => Draw(known, uid => uid < 2 + nearer)).ToArray();

        Assert.Equal([0, 0, Places, Places], decks.Select(deck => deck.Shown.Length));
        Assert.All(decks, deck => Assert.InRange(deck.Asked, 1, AskedSwipes.Most));
        Assert.InRange(decks[3].Asked, Places, 50);
    }

    [Fact]
    public void A_deck_of_somebody_who_has_swiped_few_of_those_near_asks_once()
    {
        LoadMen(5_000, km: 1);

        var (shown, asked) = Draw([], _ => false);

        Assert.Equal(Places, shown.Length);
        Assert.Equal(DeckRules.PoolFor(Places), asked);
    }

    [Fact]
    public void Those_whose_turn_it_is_keep_a_deck_from_nothing_and_are_shown_if_they_are_known()
    {
        LoadMen(5_000, km: 1);
        for (var slot = 1; slot <= 5_000; slot++)
            _directory.Turns.Wait(slot, Today.DayNumber);
        var asked = new AskedSwipes(1_000_000, [], _directory.Turns.NextDraw(), []);

        var draw = Draw(asked, _ => false);

        Assert.Equal(Places, draw.People.Count);
        Assert.Equal(DeckRules.TurnsIn(Places), draw.People.Count(person => person.ByTurn));
        Assert.InRange(asked.Asked, DeckRules.PoolFor(Places), DeckRules.PoolFor(Places) + DeckTurns.MostWaiting);
    }

    private (long[] Shown, int Asked) Draw(HashSet<int> known, Func<long, bool> isSwiped)
    {
        var asked = new AskedSwipes(1_000_000, [], _directory.Turns.NextDraw(), known);
        return ([.. Draw(asked, isSwiped).People.Select(person => person.Uid)], asked.Asked);
    }

    private DeckDraw Draw(AskedSwipes asked, Func<long, bool> isSwiped)
    {
        while (true)
        {
            var draw = _search.Draw(_me, Places, Today, why: false, (_, _, _) => DeckHistory.Of(asked, []));
            var wanted = asked.TakeWanted();
            if (wanted.Length == 0)
                return draw;
            Assert.InRange(wanted.Length, 1, AskedSwipes.MostAtOnce);
            asked.Learn(wanted, Array.ConvertAll(wanted, slot => isSwiped(_directory.People.UidOf(slot))));
        }
    }

    private void LoadMen(int count, int km)
    {
        for (var i = 0; i < count; i++)
            Load(_directory.People.Count + 1, km, Sex.Male);
    }

    private void Load(long uid, int km, Sex sex) => _directory.Load(
        uid, new Person(sex, new DateOnly(2000, 1, 1).DayNumber, GridPlace.Snap(new GeoPoint(50 + km / 111.2, 10)), 0));
}
