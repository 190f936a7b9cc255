using Swiper.Core.Accounts;
using Swiper.Storage.Indexes;

namespace Swiper.Storage.Tests.Indexes;

public sealed class DeckTurnsTests
{
    private const int Me = 0;
    private const int Day = 800_000;

    private static readonly GeoPoint Home = new(52.5, 13.4);

    private readonly PeopleIndex _people = new();
    private readonly DeckTurns _turns;

    public DeckTurnsTests()
    {
        _turns = new DeckTurns(_people);
        Add(Sex.Female, Home);
    }

    [Fact]
    public void Who_is_active_waits_until_they_are_shown_and_again_the_next_day()
    {
        var man = Add(Sex.Male, Home);
        Assert.Empty(Waiting());
        _turns.Wait(man, Day);
        _turns.Wait(man, Day);
        Assert.Equal([man], Waiting());

        _turns.Shown(Me, man, Day, byTurn: false);
        Assert.Empty(Waiting());
        _turns.Wait(man, Day);
        Assert.Equal((false, 0), (_turns.IsWaiting(man), _turns.Waiting));
        _turns.Wait(man, Day + 1);
        Assert.Equal([man], Waiting(Day + 1));
        Assert.Empty(Had(Day + 1));
    }

    [Fact]
    public void Whoever_moves_about_leaves_nothing_where_they_have_been()
    {
        var man = Add(Sex.Male, Home);
        _turns.Wait(man, Day);
        for (var i = 0; i < 10_000; i++)
            Change(man, Sex.Male, new GeoPoint(-80 + i % 1_600 * 0.1, -170 + i % 3_400 * 0.1));
        Assert.Equal((1, 1), (_turns.Areas, _turns.Waiting));

        Change(man, Sex.Male, Home);
        Assert.Equal([man], Waiting());
    }

    [Fact]
    public void Who_has_waited_since_yesterday_waits_on()
    {
        var man = Add(Sex.Male, Home);
        _turns.Wait(man, Day);
        _turns.Wait(man, Day + 1);
        Assert.Equal([man], Waiting(Day + 1));
    }

    [Fact]
    public void Those_who_had_their_turn_with_somebody_are_kept_for_that_user_and_day()
    {
        var (first, second, third, other) = (Add(Sex.Male, Home), Add(Sex.Male, Home), Add(Sex.Male, Home), Add(Sex.Female, Home));
        _turns.Shown(Me, first, Day, byTurn: true);
        _turns.Shown(Me, second, Day, byTurn: false);
        _turns.Shown(other, third, Day, byTurn: true);
        _turns.Shown(Me, third, Day, byTurn: true);
        Assert.Equal([first], Had(Day));
        _turns.Shown(Me, Add(Sex.Male, Home), Day, byTurn: true);
        Assert.Equal(2, Had(Day).Length);

        Assert.Empty(Had(Day + 1));
        _turns.Shown(other, first, Day + 1, byTurn: true);
        _turns.Shown(Me, third, Day + 1, byTurn: true);
        Assert.Equal([third], Had(Day + 1));
    }

    [Fact]
    public void Only_who_can_be_shown_waits_and_where_they_are()
    {
        var man = Add(Sex.Male, Home);
        _people.Update(man, new Person(Sex.Unknown, 1, default, 0));
        _turns.Wait(man, Day);
        Assert.Equal(0, _turns.Waiting);

        Change(man, Sex.Male, Home);
        Assert.Equal(0, _turns.Waiting);
        _turns.Wait(man, Day);
        Assert.Equal([man], Waiting());
        Change(man, Sex.Male, new GeoPoint(10, 10));
        Assert.Equal(1, _turns.Waiting);
        Assert.Empty(Waiting());
        Change(man, Sex.Male, Home);
        Assert.Equal([man], Waiting());
        Change(man, Sex.Female, Home);
        Assert.Empty(Waiting());
        Change(man, Sex.Unknown, Home);
        Assert.Equal(0, _turns.Waiting);
    }

    [Fact]
    public void Of_very_many_each_deck_gets_others_until_all_were_looked_at()
    {
        for (var i = 0; i < 2_000; i++)
            _turns.Wait(Add(Sex.Male, new GeoPoint(52.5 + i % 20 * 0.02, 13.4)), Day);
        var seen = new HashSet<int>();
        for (var deck = 0; deck < 400; deck++)
        {
            var waiting = Waiting();
            Assert.InRange(waiting.Length, 1, DeckTurns.MostWaiting);
            Assert.Distinct(waiting);
            seen.UnionWith(waiting);
        }
        Assert.Equal(2_000, seen.Count);
    }

    [Fact]
    public void Whoever_is_far_away_is_found_by_who_searches_as_far_or_everywhere()
    {
        // In 400 cells over 2,000 km.
        for (var i = 0; i < 400; i++)
            _turns.Wait(Add(Sex.Male, new GeoPoint(40 + i / 20, 5 + i % 20)), Day);
        foreach (var query in new[] { Query(Day) with { MaxKm = 3_000 }, Query(Day) with { Place = null } })
        {
            var seen = new HashSet<int>();
            for (var deck = 0; deck < 200; deck++)
                seen.UnionWith(Gathered(query, Day).Waiting);
            Assert.Equal(400, seen.Count);
        }
    }

    [Fact]
    public void Whatever_happens_the_lists_hold_those_who_wait()
    {
        var random = new Random(7);
        var waiting = new HashSet<int>();
        for (var i = 0; i < 300; i++)
            Add(Sex.Male, Place());
        for (var step = 0; step < 20_000; step++)
        {
            var (slot, day) = (random.Next(1, 300), Day + step / 1_000);
            switch (random.Next(3))
            {
                case 0:
                    _turns.Wait(slot, day);
                    break;
                case 1:
                    _turns.Shown(Me, slot, day, random.Next(2) == 0);
                    Assert.False(_turns.IsWaiting(slot));
                    break;
                default:
                    Change(slot, Sex.Male, Place());
                    break;
            }
            if (_turns.IsWaiting(slot))
                waiting.Add(slot);
            else
                waiting.Remove(slot);
            Assert.Equal(waiting.Count, _turns.Waiting);
        }
        var found = new HashSet<int>();
        for (var deck = 0; deck < 200; deck++)
            found.UnionWith(Gathered(Query(Day) with { Place = null }, Day + 20).Waiting);
        Assert.Equal(waiting.Order(), found.Order());

        GeoPoint Place() => new(50 + random.NextDouble() * 3, 10 + random.NextDouble() * 3);
    }

    private int Add(Sex sex, GeoPoint place) => _people.Add(_people.Count + 1, new Person(sex, 1, GridPlace.Snap(place), 0));

    private void Change(int slot, Sex sex, GeoPoint place)
    {
        _people.Update(slot, new Person(sex, 1, GridPlace.Snap(place), 0));
        _turns.Move(slot, _people[slot]);
    }

    private int[] Waiting(int day = Day) => Gathered(Query(day), day).Waiting;

    private int[] Had(int day) => Gathered(Query(day), day).Had;

    private (int[] Had, int[] Waiting) Gathered(in CandidateQuery query, int day)
    {
        var slots = new int[DeckTurns.MostHad + DeckTurns.MostWaiting];
        var (had, waiting) = _turns.Gather(query, day, _turns.NextDraw(), slots);
        return (slots[..had], slots[had..(had + waiting)]);
    }

    private static CandidateQuery Query(int day) => new()
    {
        Me = Me, Sex = Sex.Male, Birthdays = new BirthdayRange(0, day), Place = Home, MinKm = 1, MaxKm = 50,
    };
}
