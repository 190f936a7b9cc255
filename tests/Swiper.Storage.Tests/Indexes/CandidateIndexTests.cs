using Swiper.Core.Accounts;
using Swiper.Core.Social;
using Swiper.Storage.Embedded.Indexes;
using Swiper.Storage.Indexes;

namespace Swiper.Storage.Tests.Indexes;

public class CandidateIndexTests
{
    private static readonly DateOnly Today = new(2026, 7, 15);

    private static readonly int Adult = new DateOnly(2000, 1, 1).DayNumber;

    private static CandidateQuery Anyone(int me, Sex sex) =>
        new() { Me = me, Sex = sex, Birthdays = BirthdayRange.OfAges(0, 200, Today), MinKm = 1, MaxKm = 10 };

    [Theory]
    [InlineData(1, 48.85, 2.35, 0.6)]
    [InlineData(2, 0, 179.95, 0.5)]
    [InlineData(3, 89.9, 20, 0.4)]
    [InlineData(4, -89.95, -100, 0.3)]
    [InlineData(5, 65, -180, 30)]
    [InlineData(6, 10, 10, 60)]
    public void A_search_finds_exactly_whom_a_scan_of_everybody_finds(int seed, double latitude, double longitude, double spread)
    {
        var random = new Random(seed);
        using var world = new World(random, 4_000, latitude, longitude, spread);
        for (var round = 0; round < 150; round++)
        {
            world.ChangeSomebody(20);
            Assert.Equal(world.CountAreas(), world.Index.Size.Areas);
            var query = world.RandomQuery();
            var seen = world.RandomSeen();
            var expected = world.Scan(query, seen, out var exclusions);

            var into = new Candidate[5_000];
            var search = world.Index.Find(query, into, new Dropping(seen));
            Assert.Equal(expected.OrderBy(candidate => candidate.Slot), into.Take(search.Found).OrderBy(candidate => candidate.Slot));
            Assert.Equal((false, true), (search.OutOfBudget, search.Exact));
            Assert.Equal(search.Found == 0 ? exclusions : null, search.Exclusions);

            Assert.Equal(expected.OrderBy(candidate => candidate.Slot), world.Fitting(query, seen));

            var some = new Candidate[7];
            search = world.Index.Find(query, some, new Dropping(seen));
            Assert.Subset(expected.ToHashSet(), some.Take(search.Found).ToHashSet());
            Assert.Distinct(some.Take(search.Found));
            Assert.Equal(NearToFar(expected).Take(7), NearToFar(some.Take(search.Found)));

            // Of all who fit, as if none were seen.
            search = world.Index.Find(query with { Explain = true }, some, new Dropping(seen));
            Assert.Equal(exclusions with { Seen = exclusions.Seen + expected.Count }, search.Exclusions);
        }
    }

    [Fact]
    public void The_nearest_are_found()
    {
        using var index = new CandidateIndex();
        for (var i = 1; i <= 40; i++)
            index.Put(i, new Person(Sex.Male, Adult, GridPlace.Snap(new GeoPoint(10 + i * 0.5, 10)), 0));
        var into = new Candidate[10];
        var query = Anyone(0, Sex.Male) with { Place = new GeoPoint(10, 10), MaxKm = 20_000 };
        Assert.Equal(10, index.Find(query, into, default(DroppingNobody)).Found);
        Assert.Equal(Enumerable.Range(1, 10), into.Select(candidate => candidate.Slot).Order());
    }

    [Theory]
    [InlineData(52.5, 13.4)]
    [InlineData(52.59, 13.49)]
    [InlineData(52.55, 13.45)]
    public void Within_a_cell_and_across_its_edges_the_nearest_are_found(double latitude, double longitude)
    {
        // A person every kilometre, in cells of 11 by 7 km.
        using var index = new CandidateIndex();
        var people = new List<Person>();
        for (var i = 0; i < 1_600; i++)
        {
            people.Add(new Person(Sex.Male, Today.DayNumber - 9_000 - i,
                GridPlace.Snap(new GeoPoint(52.35 + i / 40 * 0.01, 13.1 + i % 40 * 0.015)), 0));
            index.Put(i, people[i]);
        }
        var here = new GeoPoint(latitude, longitude);
        var query = Anyone(2_000, Sex.Male) with { Place = here, MaxKm = 100 };
        var kilometres = people.Select(person => new DistanceFrom(here).ShownKmTo(person.Place)).Order().ToArray();
        foreach (var count in new[] { 1, 3, 30, 100 })
        {
            var into = new Candidate[count];
            Assert.Equal(count, index.Find(query, into, default(DroppingNobody)).Found);
            Assert.Equal(kilometres.Take(count), NearToFar(into));
        }
        var farther = new Candidate[30];
        Assert.Equal(30, index.Find(query with { MinKm = 7 }, farther, default(DroppingNobody)).Found);
        Assert.Equal(kilometres.Where(km => km >= 7).Take(30), NearToFar(farther));
    }

    [Fact]
    public void In_a_crowded_cell_the_nearest_of_a_bounded_number_are_found()
    {
        using var index = new CandidateIndex();
        var random = new Random(5);
        for (var i = 0; i < 50_000; i++)
        {
            var place = new GeoPoint(random.NextDouble() * 0.09, random.NextDouble() * 0.09);
            index.Put(i, new Person(Sex.Male, Today.DayNumber - 7_000 - i % 9_000, GridPlace.Snap(place), 0));
        }
        var query = Anyone(60_000, Sex.Male) with { Place = new GeoPoint(0.045, 0.045), MaxKm = 100, NearerBudget = 500 };
        var into = new Candidate[30];
        var search = index.Find(query, into, default(DroppingNobody));
        Assert.InRange(search.Examined, 30, 530);
        // Of 500 spread over 100 square kilometres 30 are within 1.4 km as a rule, and of the first 30 that are met one is beyond 5 km.
        Assert.All(into, candidate => Assert.InRange(candidate.Km, 1, 3));
    }

    [Fact]
    public void Other_seeds_and_other_askers_find_other_people()
    {
        using var index = new CandidateIndex();
        for (var i = 0; i < 5_000; i++)
            index.Put(i, new Person(Sex.Male, Today.DayNumber - 7_000 - i, GridPlace.Snap(new GeoPoint(10, 10)), 0));
        var query = Anyone(5_001, Sex.Male) with { Place = new GeoPoint(10, 10) };
        var (first, again, seeded, other) = (Deck(query), Deck(query), Deck(query with { Seed = 1 }), Deck(query with { Me = 5_002 }));
        Assert.Equal(first, again);
        Assert.InRange(first.Intersect(seeded).Count(), 0, 15);
        Assert.InRange(first.Intersect(other).Count(), 0, 15);

        int[] Deck(CandidateQuery asked)
        {
            var into = new Candidate[30];
            Assert.Equal(30, index.Find(asked, into, default(DroppingNobody)).Found);
            return [.. into.Select(candidate => candidate.Slot)];
        }
    }

    [Fact]
    public void A_deck_mixes_birth_years()
    {
        using var index = new CandidateIndex();
        for (var i = 0; i < 3_000; i++)
            index.Put(i, new Person(Sex.Male, new DateOnly(1990 + i % 10, 6, 1).DayNumber, GridPlace.Snap(new GeoPoint(10, 10)), 0));
        var into = new Candidate[30];
        var search = index.Find(Anyone(4_000, Sex.Male) with { Place = new GeoPoint(10, 10) }, into, default(DroppingNobody));
        // All are equally far: nobody else is looked at.
        Assert.Equal((30, 30), (search.Found, search.Examined));
        Assert.All(into.CountBy(candidate => candidate.Slot % 10), year => Assert.Equal(3, year.Value));
    }

    [Fact]
    public void The_work_is_bounded_and_what_was_swiped_is_no_charge_on_it()
    {
        using var index = new CandidateIndex();
        var swiped = new SwipedIndex();
        // All in one cell, whose far corner is out of reach: there all must be asked for their distance.
        for (var i = 0; i < 10_000; i++)
        {
            index.Put(i, new Person(Sex.Male, Adult, GridPlace.Snap(new GeoPoint(10.09, 10.09)), 0));
            if (i < 5_000)
                swiped.TryAdd(20_000, i, SwipeKind.Dislike);
        }
        var query = Anyone(20_000, Sex.Male) with { Place = new GeoPoint(10, 10), WorkBudget = 1_000 };
        var search = index.Find(query, new Candidate[30], swiped.Of(20_000));
        Assert.Equal(0, search.Found);
        Assert.True(search.OutOfBudget);
        Assert.InRange(search.Examined - search.Dropped, 1, 1_000);
        Assert.False(search.Exact);

        // Within reach, the budget of an area and two people is enough to find one behind 5,000 that were swiped.
        search = index.Find(query with { MaxKm = 20, WorkBudget = CandidateQuery.AreaCost + 2 }, new Candidate[1], swiped.Of(20_000));
        Assert.Equal(1, search.Found);
    }

    [Fact]
    public void Those_who_were_swiped_have_a_budget_of_their_own()
    {
        using var index = new CandidateIndex();
        var swiped = new HashSet<int>();
        for (var i = 0; i < 10_000; i++)
        {
            index.Put(i, new Person(Sex.Male, Adult, GridPlace.Snap(new GeoPoint(10 + i % 20 * 0.3, 10)), 0));
            swiped.Add(i);
        }
        index.Put(10_000, new Person(Sex.Male, Adult, GridPlace.Snap(new GeoPoint(16.5, 10)), 0));
        var query = Anyone(20_000, Sex.Male) with { Place = new GeoPoint(10, 10), MaxKm = 2_000, DroppedBudget = 1_000 };

        var search = index.Find(query, new Candidate[30], new Dropping(swiped));
        Assert.Equal((0, 1_000, true), (search.Found, search.Dropped, search.OutOfBudget));
        Assert.InRange(search.Examined, 1_000, 1_100);
        search = index.Find(query with { DroppedBudget = 10_001 }, new Candidate[30], new Dropping(swiped));
        Assert.Equal((1, 10_000), (search.Found, search.Dropped));
    }

    [Fact]
    public void A_huge_radius_over_many_areas_stays_within_the_budget()
    {
        using var index = new CandidateIndex();
        for (var i = 0; i < 30_000; i++)
            index.Put(i,
                new Person(Sex.Male, new DateOnly(1950, 1, 1).DayNumber, GridPlace.Snap(new GeoPoint(i / 300 * 0.3, i % 300 * 0.5)), 0));
        var query = Anyone(40_000, Sex.Male) with
        {
            Place = new GeoPoint(10, 10),
            MaxKm = 20_000,
            Birthdays = BirthdayRange.OfAges(18, 30, Today),
            WorkBudget = 5_000,
        };
        var search = index.Find(query, new Candidate[30], default(DroppingNobody));
        Assert.Equal((0, true), (search.Found, search.OutOfBudget));
        Assert.Equal(new DeckExclusions(0, 0, 30_000, 0), search.Exclusions);
        Assert.False(search.Exact);
        Assert.InRange(search.Tallied, 1, query.WorkBudget + AreaLists.MaxRows);
    }

    [Fact]
    public void Beyond_the_budget_areas_count_by_their_middle_and_ages_as_those_of_everybody()
    {
        using var index = new CandidateIndex();
        // Four cells in five within reach; of each ten people three are young.
        for (var i = 0; i < 10_000; i++)
        {
            var place = new GeoPoint(i % 5 == 0 ? -80 : 10, i / 5 % 1_000 * 0.1);
            index.Put(i, new Person(Sex.Male, new DateOnly(i / 5 % 10 < 3 ? 2000 : 1950, 1, 1).DayNumber, GridPlace.Snap(place), 0));
        }
        var query = Anyone(40_000, Sex.Male) with
        {
            Place = new GeoPoint(10, 50),
            MaxKm = 5_600,
            Birthdays = BirthdayRange.OfAges(20, 30, Today),
            WorkBudget = 500,
            Explain = true,
        };
        var search = index.Find(query, new Candidate[30], default(DroppingNobody));
        var exclusions = search.Exclusions!.Value;
        Assert.False(search.Exact);
        Assert.InRange(search.Tallied, 1, query.WorkBudget + AreaLists.MaxRows);
        Assert.Equal(10_000, exclusions.Place + exclusions.Age + exclusions.Seen);
        Assert.InRange(exclusions.Place, 1_900, 2_100);
        Assert.InRange(exclusions.Seen, 2_300, 2_500);
    }

    [Fact]
    public void However_many_cells_are_occupied_a_search_passes_those_in_reach_or_the_blocks_of_the_earth()
    {
        // Somebody every 60 km or so all over the earth, and a country of 90,000 cells with somebody in each.
        const int Country = 90_000;
        using var index = new CandidateIndex();
        var slot = 0;
        for (var row = -85.0; row < 85; row += 0.5)
        {
            for (var column = -180.0; column < 180; column += 0.5)
                Put(row + 0.05, column + 0.05);
        }
        for (var cell = 0; cell < Country; cell++)
            Put(30 + cell / 300 * 0.1 + 0.05, cell % 300 * 0.1 + 0.05);
        Assert.InRange(index.Size.Areas, 250_000, 350_000);

        void Put(double latitude, double longitude) => index.Put(slot++, new Person(
            Sex.Male, new DateOnly(1950, 1, 1).DayNumber, GridPlace.Snap(new GeoPoint(latitude, longitude)), 0));

        var inTown = Anyone(slot, Sex.Male) with { Place = new GeoPoint(45, 15), MaxKm = 10 };
        var search = index.Find(inTown, new Candidate[30], default(DroppingNobody));
        Assert.True(search.Found > 0);
        Assert.InRange(search.Passed, 1, 200);

        // As dear as a search can be: everywhere, for nobody, with an explanation, in the country and off its coast.
        foreach (var place in new[] { new GeoPoint(45, 15), new GeoPoint(45, -20), new GeoPoint(-80, 170), new GeoPoint(89, 0) })
        {
            search = index.Find(
                inTown with { Place = place, MaxKm = 20_038, Birthdays = BirthdayRange.OfAges(20, 30, Today), Explain = true },
                new Candidate[30], default(DroppingNobody));
            Assert.Equal((0, false), (search.Found, search.Exact));
            Assert.Equal(new DeckExclusions(0, 0, slot, 0), search.Exclusions);
            Assert.InRange(search.Passed, 1, 100_000);
        }

        // The distances of cells that were not looked into are those of their blocks' middles at worst.
        foreach (var (minKm, maxKm) in new[] { (1, 3_000), (1_000, 9_000), (12_000, 20_038) })
        {
            var from = new GeoPoint(45, -20);
            search = index.Find(
                inTown with { Place = from, MinKm = minKm, MaxKm = maxKm, Explain = true }, new Candidate[30], default(DroppingNobody));
            Assert.InRange(search.Passed, 1, 100_000);
            var inPlace = slot - search.Exclusions!.Value.Place;
            var expected = CountWithin(new DistanceFrom(from), minKm, maxKm);
            Assert.InRange(inPlace, expected * 0.95, expected * 1.05);
        }

        int CountWithin(DistanceFrom from, int minKm, int maxKm)
        {
            var count = 0;
            for (var row = -85.0; row < 85; row += 0.5)
            {
                for (var column = -180.0; column < 180; column += 0.5)
                    count += IsWithin(row + 0.05, column + 0.05) ? 1 : 0;
            }
            for (var cell = 0; cell < Country; cell++)
                count += IsWithin(30 + cell / 300 * 0.1 + 0.05, cell % 300 * 0.1 + 0.05) ? 1 : 0;
            return count;

            bool IsWithin(double latitude, double longitude) =>
                from.ShownKmTo(GridPlace.Snap(new GeoPoint(latitude, longitude))) is var km && km >= minKm && km <= maxKm;
        }
    }

    [Fact]
    public void All_cells_of_a_block_are_near_its_middle_and_found_in_it()
    {
        for (var row = 0; row < GridPlace.CellRows; row++)
        {
            for (var column = 32; column < 32 + CellBlocks.Side; column++)
            {
                var cell = GridPlace.CellAt(row, column);
                var blocks = new CellBlocks();
                blocks.Add(cell, isFirst: true);
                var middle = new DistanceFrom(CellBlocks.MiddleOf(blocks[0].Id));
                Assert.InRange(middle.KmTo(GridPlace.MiddleOf(cell)), 0, CellBlocks.ReachKm);
                var index = 0;
                Assert.Equal((cell, 0), (blocks[0].NextCell(ref index), blocks[0].NextCell(ref index)));
            }
        }
    }

    [Fact]
    public async Task A_change_does_not_wait_for_a_search_and_the_next_search_finds_it()
    {
        using var index = new CandidateIndex();
        using var searching = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();
        var place = GridPlace.Snap(new GeoPoint(10, 10));
        var query = Anyone(9, Sex.Male) with { Place = new GeoPoint(10, 10) };
        index.Put(1, new Person(Sex.Male, Adult, place, 0));
        var search = Task.Run(() => index.Find(query, new Candidate[10], new Waiting(searching, goOn)).Found, Stop);
        Assert.True(searching.Wait(Patience.Limit, Stop));

        // On a thread of its own: before, it waited for the search.
        await Task.Run(() =>
        {
            index.Put(2, new Person(Sex.Male, Adult, place, 0));
            index.Put(1, new Person(Sex.Female, Adult, place, 0));
            index.Put(3, new Person(Sex.Male, Adult, place, 0));
            index.Remove(3);
        }, Stop).WaitAsync(Patience.Limit, Stop);
        goOn.Set();
        Assert.Equal(1, await search);

        var into = new Candidate[10];
        Assert.Equal(1, index.Find(query, into, default(DroppingNobody)).Found);
        Assert.Equal(2, into[0].Slot);
        Assert.Equal(2, index.Count);
    }

    [Fact]
    public void Moving_and_removing_keep_lists_whole()
    {
        using var index = new CandidateIndex();
        var place = GridPlace.Snap(new GeoPoint(1, 1));
        for (var i = 0; i < 1_000; i++)
            index.Put(i, new Person(Sex.Male, Adult, place, 5));
        for (var i = 0; i < 1_000; i += 2)
            index.Remove(i);
        for (var i = 1; i < 1_000; i += 4)
            index.Put(i, new Person(Sex.Female, Adult, default, 6));
        Assert.Equal(500, index.Count);
        var into = new Candidate[1_000];
        var males = Anyone(2_000, Sex.Male) with { Place = new GeoPoint(1, 1) };
        Assert.Equal(250, index.Find(males, into, default(DroppingNobody)).Found);
        Assert.Equal(250, index.Find(males with { DatingLocation = 5 }, into, default(DroppingNobody)).Found);
        Assert.Equal(0, index.Find(males with { Sex = Sex.Female }, into, default(DroppingNobody)).Found);
        Assert.Equal(250, index.Find(males with { Sex = Sex.Female, DatingLocation = 6 }, into, default(DroppingNobody)).Found);
        Assert.All(into.Take(250), candidate => Assert.Equal(-1, candidate.Km));
    }

    [Fact]
    public void Searching_and_moving_make_no_garbage()
    {
        var random = new Random(11);
        using var world = new World(random, 3_000, 50, 8, 1);
        var swiped = new SwipedIndex();
        var into = new Candidate[30];
        var queries = Enumerable.Range(0, 200).Select(_ => world.RandomQuery()).ToArray();
        Assert.Equal(0, Garbage.OfSecondRun(() =>
        {
            foreach (ref readonly var query in queries.AsSpan())
            {
                world.Index.Find(query, into, swiped.Of(query.Me));
                var (mine, other) = (world.People[query.Me], world.People[query.Me / 2]);
                world.Index.Put(query.Me, other);
                world.Index.Put(query.Me, mine);
            }
        }));
    }

    [Fact]
    public async Task Searches_beside_a_writer_find_only_who_fits()
    {
        using var index = new CandidateIndex();
        // Men are born in even years only, women in odd ones, however often they move.
        void Put(int slot, int step) => index.Put(slot, new Person(
            (Sex)((slot + step) & 1),
            new DateOnly(1980 + (step * 10 + slot) % 5 * 2 + 1 - ((slot + step) & 1), 5, 5).DayNumber,
            GridPlace.Snap(new GeoPoint(10 + step % 7 * 0.05, 10)), slot % 3));

        for (var slot = 0; slot < 2_000; slot++)
            Put(slot, 0);
        var writer = Task.Run(() =>
        {
            for (var step = 1; step <= 60; step++)
            {
                for (var slot = 0; slot < 2_000; slot++)
                    Put(slot, step);
            }
        }, TestContext.Current.CancellationToken);
        var into = new Candidate[50];
        var onlyOdd = new BirthdayRange(new DateOnly(1983, 1, 1).DayNumber, new DateOnly(1983, 12, 31).DayNumber);
        do
        {
            var men = Anyone(3_000, Sex.Male) with { Place = new GeoPoint(10, 10), MaxKm = 100, Birthdays = onlyOdd };
            Assert.Equal(0, index.Find(men, into, default(DroppingNobody)).Found);
            var all =
                index.Find(men with { Place = null, Birthdays = BirthdayRange.OfAges(0, 200, Today) }, into, default(DroppingNobody));
            Assert.Equal(all.Found, into.Take(all.Found).DistinctBy(candidate => candidate.Slot).Count());
        }
        while (!writer.IsCompleted);
        await writer;
        Assert.Equal(2_000, index.Count);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private readonly struct Waiting(ManualResetEventSlim searching, ManualResetEventSlim goOn) : ISlotFilter
    {
        public bool Drops(int slot)
        {
            searching.Set();
            goOn.Wait(Patience.Limit);
            return false;
        }
    }

    private static IEnumerable<int> NearToFar(IEnumerable<Candidate> candidates) =>
        candidates.Select(candidate => candidate.Km).OrderBy(km => km < 0 ? int.MaxValue : km);

    /// <summary>People around a point, and the plain scan that a search is compared with.</summary>
    private sealed class World : IDisposable
    {
        private readonly Random _random;
        private readonly (double Latitude, double Longitude, double Spread) _around;

        public World(Random random, int count, double latitude, double longitude, double spread)
        {
            _random = random;
            _around = (latitude, longitude, spread);
            for (var slot = 0; slot < count; slot++)
            {
                People.Add(RandomPerson());
                Index.Put(slot, People[slot]);
            }
        }

        public CandidateIndex Index { get; } = new();

        public List<Person> People { get; } = [];

        public void ChangeSomebody(int times)
        {
            for (var i = 0; i < times; i++)
            {
                var slot = _random.Next(People.Count);
                People[slot] = RandomPerson();
                Index.Put(slot, People[slot]);
            }
        }

        public int CountAreas() => People.Where(person => person.CanBeShown).SelectMany(person => new[]
        {
            (person.Sex, Cell: person.Place.IsNone ? 0 : person.Place.Cell, Location: 0), (person.Sex, Cell: 0, person.Location),
        }).Where(area => area.Cell + area.Location > 0).Distinct().Count();

        public CandidateQuery RandomQuery()
        {
            var youngest = _random.Next(18, 60);
            var minKm = _random.Next(3) == 0 ? _random.Next(1, 60) : 1;
            return new CandidateQuery
            {
                Me = _random.Next(People.Count),
                Sex = (Sex)_random.Next(2),
                Birthdays = BirthdayRange.OfAges(youngest, youngest + _random.Next(_random.Next(2) == 0 ? 1 : 50), Today),
                Place = _random.Next(8) == 0 ? null : RandomPoint(),
                MinKm = minKm,
                MaxKm = minKm + _random.Next(_random.Next(4) == 0 ? 20_000 : 40),
                DatingLocation = _random.Next(5) == 0 ? _random.Next(-1, 5) : 0,
                Seed = (ulong)_random.Next(),
            };
        }

        public HashSet<int> RandomSeen() =>
            [.. Enumerable.Range(0, People.Count).Where(_ => _random.Next(3) == 0)];

        /// <summary>Whom the query itself says to fit, by slot.</summary>
        public IEnumerable<Candidate> Fitting(CandidateQuery query, HashSet<int> seen)
        {
            var from = new DistanceFrom(query.Place ?? default);
            for (var slot = 0; slot < People.Count; slot++)
            {
                if (slot != query.Me && !seen.Contains(slot) && query.Fits(People[slot], from, out var km))
                    yield return new Candidate(slot, km);
            }
        }

        public List<Candidate> Scan(CandidateQuery query, HashSet<int> seen, out DeckExclusions exclusions)
        {
            var found = new List<Candidate>();
            var (sex, place, age, dropped) = (0, 0, 0, 0);
            for (var slot = 0; slot < People.Count; slot++)
            {
                var person = People[slot];
                if (slot == query.Me || !person.CanBeShown)
                    continue;
                var km = query.Place is null || person.Place.IsNone ? -1 : new DistanceFrom(query.Place.Value).ShownKmTo(person.Place);
                var inPlace = query.DatingLocation != 0 ? person.Location == query.DatingLocation
                    : query.Place is null || km >= query.MinKm && km <= query.MaxKm;
                if (person.Sex != query.Sex)
                    sex++;
                else if (!inPlace)
                    place++;
                else if (!query.Birthdays.Contains(person.Birthday))
                    age++;
                else if (seen.Contains(slot))
                    dropped++;
                else
                    found.Add(new Candidate(slot, km));
            }
            exclusions = new DeckExclusions(sex, place, age, dropped);
            return found;
        }

        public void Dispose() => Index.Dispose();

        private Person RandomPerson() => new(
            _random.Next(20) == 0 ? Sex.Unknown : (Sex)_random.Next(2),
            _random.Next(10) == 0 ? 0 : Today.DayNumber - _random.Next(_random.Next(20) == 0 ? 200 * 365 : 70 * 365),
            _random.Next(10) == 0 ? default : GridPlace.Snap(RandomPoint()),
            _random.Next(5));

        private GeoPoint RandomPoint()
        {
            var longitude = _around.Longitude + (_random.NextDouble() - 0.5) * _around.Spread * 2;
            var latitude = _around.Latitude + (_random.NextDouble() - 0.5) * _around.Spread * 2;
            // Over a pole and down the other side.
            if (Math.Abs(latitude) > 90)
                (latitude, longitude) = (Math.Sign(latitude) * 180 - latitude, longitude + 180);
            return new GeoPoint(latitude, (longitude + 540) % 360 - 180);
        }
    }
}
