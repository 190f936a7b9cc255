using System.Diagnostics;
using Swiper.Core.Accounts;
using Swiper.Core.Ranking;
using Swiper.Core.Social;
using Swiper.Storage.Embedded.Indexes;
using Swiper.Storage.Indexes;

namespace Swiper.Storage.Tests.Indexes;

/// <summary>
/// A week of 10,000 people, hour by hour, in cities, suburbs and the country, of all ages, with filters of their own; one in a hundred is
/// liked by nearly everybody, most are liked by few.
/// </summary>
public sealed class DeckFairnessTests(ITestOutputHelper output)
{
    private const int People = 10_000;
    private const int Days = 7;
    private const int HoursADay = 24;
    private const int DeckSize = 30;

    private static readonly DateOnly First = new(2026, 7, 13);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Whoever_is_active_is_shown_to_somebody_within_a_day_and_nobody_takes_all_the_looks(int seed)
    {
        var watch = Stopwatch.StartNew();
        using var world = new World(seed);
        world.Live();

        var looks = world.Looks.Order().ToArray();
        var median = looks[People / 2];
        var missed = world.MissedThoughSomebodyLooked();
        output.WriteLine(
            $"seed {seed}: {world.Decks} decks, {looks.Sum()} looks in {watch.Elapsed.TotalSeconds:0.0} s; "
            + $"fewest {looks[0]}, median {median}, most {looks[^1]}, {(double)looks[^1] / median:0.0} times the median; "
            + $"{world.TurnsTaken} by turns; {world.ActiveDays} days of somebody active; "
            + $"{missed.Count} without a look though somebody could have had it, of {world.NobodyLooked} without a look");

        Assert.True(missed.Count == 0, $"seed {seed}: {string.Join("; ", missed.Take(10))}");
        Assert.True(looks[^1] <= 50 * median, $"seed {seed}: {looks[^1]} looks, and half of the people have at most {median}");
    }

    private sealed class World : IDisposable
    {
        private static readonly (double Lat, double Lon, double Share)[] Cities =
        [
            (52.5, 13.4, 0.38), (53.5, 10.0, 0.18), (48.1, 11.6, 0.14), (50.9, 6.9, 0.10), (51.0, 13.7, 0.08), (49.4, 8.7, 0.06),
            (54.1, 12.1, 0.04), (47.7, 9.2, 0.02),
        ];

        private readonly Random _random;
        private readonly PeopleDirectory _directory = new(new(1), TimeProvider.System, knowsEverybody: true);
        private readonly SwipedIndex _swiped = new();
        private readonly DeckSearch _search;
        private readonly Profile[] _profiles;
        private readonly double[] _liked;
        private readonly double[] _active;
        private readonly int[] _points = new int[People];
        // By hour of the week: whether somebody was active then, and whether they were shown.
        private readonly bool[,] _came = new bool[People, Days * HoursADay];
        private readonly bool[,] _wasSeen = new bool[People, Days * HoursADay];
        // And whether their deck had a place by turns to spare.
        private readonly bool[,] _hadRoom = new bool[People, Days * HoursADay];
        // When somebody decided about somebody.
        private readonly Dictionary<(int Me, int Other), int> _decided = [];

        public World(int seed)
        {
            _random = new Random(seed);
            _search = new DeckSearch(_directory, slot => _points[slot]);
            _profiles = [.. Enumerable.Range(0, People).Select(NewProfile)];
            foreach (var profile in _profiles)
                _directory.Load(profile.Uid, Person.Of(profile, _directory.People.Locations));
            _liked = [.. _profiles.Select(_ => _random.Next(100) == 0 ? 0.95 : 0.05 + 0.4 * Math.Pow(_random.NextDouble(), 2))];
            _active = [.. _profiles.Select(_ => new[] { 0.1, 0.5, 0.9 }[_random.Next(3)])];
        }

        public int[] Looks { get; } = new int[People];

        public int Decks { get; private set; }

        public int TurnsTaken { get; private set; }

        public int ActiveDays { get; private set; }

        public int NobodyLooked { get; private set; }

        public void Live()
        {
            for (var day = 0; day < Days; day++)
            {
                var visits = new List<(int Hour, int Me)>();
                for (var me = 0; me < People; me++)
                {
                    for (var visit = 0; _random.NextDouble() < _active[me] && visit < 3; visit++)
                        visits.Add((_random.Next(HoursADay), me));
                }
                foreach (var (hour, me) in visits.OrderBy(visit => visit.Hour))
                    Visit(me, day, hour);
            }
        }

        /// <summary>Of those active, whom a deck fitted and who were shown to nobody from the day's beginning until a day later.</summary>
        public List<string> MissedThoughSomebodyLooked()
        {
            var missed = new List<string>();
            for (var slot = 0; slot < People; slot++)
            {
                for (var day = 0; day < Days; day++)
                {
                    var came = Array.FindIndex([.. Enumerable.Range(0, HoursADay)], hour => _came[slot, day * HoursADay + hour]);
                    if (came < 0)
                        continue;
                    ActiveDays++;
                    var (from, to) = (day * HoursADay, day * HoursADay + came + HoursADay);
                    // The week ends before their day does.
                    if (to > Days * HoursADay || Enumerable.Range(from, to - from).Any(hour => _wasSeen[slot, hour]))
                        continue;
                    NobodyLooked++;
                    var could = Enumerable.Range(0, People).Count(me => CouldSee(me, slot, from + came, to));
                    if (could > 0)
                        missed.Add($"{slot} on day {day}, whom {could} could have seen");
                }
            }
            return missed;
        }

        public void Dispose()
        {
            _directory.Dispose();
        }

        // Somebody for whose deck the other fits, who had not decided before, and who was there with a place by turns that nobody had
        // who had waited for longer.
        private bool CouldSee(int me, int slot, int from, int to)
        {
            if (me == slot || _decided.TryGetValue((me, slot), out var at) && at < from)
                return false;
            var day = First.AddDays(from / HoursADay);
            var query = Query(_profiles[me], me, day);
            return query.Fits(_directory.People[slot], new DistanceFrom(query.Place ?? default), out _)
                && Enumerable.Range(from + 1, Math.Max(0, to - from - 1)).Any(hour => _hadRoom[me, hour]);
        }

        private void Visit(int me, int day, int hour)
        {
            var now = day * HoursADay + hour;
            var today = First.AddDays(day);
            _came[me, now] = true;
            _directory.Activity.Note(me, ActivityIndex.FirstHourOf(today) + hour);
            _directory.Turns.Wait(me, today.DayNumber);

            var deck = _search.Draw(_profiles[me], DeckSize, today, why: false, (slot, _, _) => DeckHistory.Of(_swiped.Of(slot), []));
            _search.Shown(_profiles[me].Uid, deck, deck.People.Count, today);
            Decks++;
            var turns = deck.People.Count(person => person.ByTurn);
            TurnsTaken += turns;
            _hadRoom[me, now] |= turns < DeckRules.TurnsIn(DeckSize);
            var decisions = _random.Next(DeckSize + 1);
            foreach (var person in deck.People)
            {
                var other = (int)person.Uid - 1;
                Looks[other]++;
                _wasSeen[other, now] = true;
                if (decisions-- <= 0)
                    continue;
                var kind = _random.NextDouble() < _liked[other] ? SwipeKind.Like : SwipeKind.Dislike;
                _swiped.TryAdd(me, other, kind);
                _decided.TryAdd((me, other), now);
                _points[other] += Points.For(kind);
            }
        }

        private Profile NewProfile(int slot)
        {
            var sex = (Sex)(slot % 2);
            var age = 18 + (int)(50 * Math.Pow(_random.NextDouble(), 1.7));
            return new Profile
            {
                Uid = slot + 1,
                Phone = "+999",
                Created = 0,
                Sex = sex,
                DatingSex = sex == Sex.Male ? Sex.Female : Sex.Male,
                Birthday = First.AddYears(-age).AddDays(-_random.Next(365)),
                Place = _random.Next(50) == 0 ? null : NewPlace(),
                MinAge = Math.Max(18, age - _random.Next(3, 15)),
                MaxAge = age + _random.Next(3, 15),
                MaxDistance = new[] { 10, 10, 25, 50, 100 }[_random.Next(5)],
            };
        }

        private Place NewPlace()
        {
            // In the country.
            if (_random.Next(20) == 0)
                return new Place(47.5 + _random.NextDouble() * 7, 6.5 + _random.NextDouble() * 7.5);
            var left = _random.NextDouble();
            var city = Cities.First(city => (left -= city.Share) < 0 || city == Cities[^1]);
            var km = Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * (_random.Next(8) == 0 ? 20 : 4);
            var direction = _random.NextDouble() * 2 * Math.PI;
            return new Place(city.Lat + km * Math.Sin(direction) / 111, city.Lon + km * Math.Cos(direction) / 70);
        }

        private static CandidateQuery Query(Profile profile, int me, DateOnly day) => new()
        {
            Me = me,
            Sex = profile.DatingSex,
            Birthdays = BirthdayRange.OfAges(profile.MinAge, profile.MaxAge, day),
            Place = profile.Place is { } place ? new GeoPoint(place.Lat, place.Lon) : null,
            MinKm = profile.MinDistance,
            MaxKm = profile.MaxDistance,
        };
    }
}
