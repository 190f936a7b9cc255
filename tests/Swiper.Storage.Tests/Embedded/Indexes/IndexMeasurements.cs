using System.Diagnostics;
using Swiper.Core.Accounts;
using Swiper.Core.Social;
using Swiper.Storage.Embedded.Indexes;
using Swiper.Storage.Indexes;
using Swiper.Storage.Tests.Indexes;

namespace Swiper.Storage.Tests.Embedded.Indexes;

/// <summary>
/// Prints times and sizes at full scale; asserts nothing but that the work was done. Run with
/// <c>dotnet Swiper.Storage.Tests.dll -explicit only -class "*IndexMeasurements" -showliveoutput</c> on a Release build.
/// </summary>
public class IndexMeasurements(ITestOutputHelper output)
{
    private const int Million = 1_000_000;
    private static readonly DateOnly Today = new(2026, 7, 15);

    [Theory(Explicit = true)]
    [InlineData("one city", 1)]
    [InlineData("50 cities", 50)]
    public void Decks_among_a_million_users(string name, int cities)
    {
        var random = new Random(1);
        using var index = new CandidateIndex();
        var watch = Stopwatch.StartNew();
        var before = GC.GetTotalMemory(true);
        for (var slot = 0; slot < Million; slot++)
            index.Put(slot, RandomPerson(random, cities));
        output.WriteLine(
            $"{name}: {Million / watch.Elapsed.TotalSeconds:N0} people put a second, "
            + $"{(GC.GetTotalMemory(true) - before) / (double)Million:F1} bytes a user");

        var swiped = new SwipedIndex();
        foreach (var (label, maxKm, swipes) in new[] { ("10 km", 10, 0), ("30 km", 30, 0), ("10 km", 10, 5_000), ("30 km", 30, 5_000),
            ("30 km", 30, 50_000), ("20,000 km", 20_000, 5_000) })
        {
            var times = new List<double>();
            var examined = new List<int>();
            var found = 0;
            for (var i = 0; i < (swipes > 5_000 ? 20 : 200); i++)
            {
                var me = random.Next(Million);
                var query = new CandidateQuery
                {
                    Me = me,
                    Sex = Sex.Female,
                    Birthdays = BirthdayRange.OfAges(18, 50, Today),
                    Place = RandomPoint(random, random.Next(cities)),
                    MinKm = 1,
                    MaxKm = maxKm,
                    Seed = (ulong)i,
                };
                SwipeNearest(index, swiped, query, swipes);
                var into = new Candidate[30];
                var start = Stopwatch.GetTimestamp();
                var search = index.Find(query with { Seed = query.Seed + 1 }, into, swiped.Of(me));
                times.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
                examined.Add(search.Examined);
                found += search.Found;
            }
            output.WriteLine(
                $"{name}, {label}, {swipes} nearest swiped: {Spread(times)} us a deck, {Median(examined)} examined, "
                + $"{found / (double)times.Count:F1} found");
        }
    }

    [Fact(Explicit = true)]
    public void Empty_decks_among_a_million_users()
    {
        var random = new Random(2);
        using var index = new CandidateIndex();
        for (var slot = 0; slot < Million; slot++)
            index.Put(slot, RandomPerson(random, 1));
        foreach (var maxKm in new[] { 10, 30, 20_000 })
        {
            var times = new List<double>();
            for (var i = 0; i < 200; i++)
            {
                var query = new CandidateQuery
                {
                    Me = random.Next(Million),
                    Sex = Sex.Female,
                    Birthdays = BirthdayRange.OfAges(90, 99, Today),
                    Place = RandomPoint(random, 0),
                    MinKm = 1,
                    MaxKm = maxKm,
                };
                var start = Stopwatch.GetTimestamp();
                var search = index.Find(query, new Candidate[30], default(DroppingNobody));
                times.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
                Assert.Equal(0, search.Found);
            }
            output.WriteLine($"one city, {maxKm} km, ages 90 to 99: {Spread(times)} us an empty deck with its exclusions");
        }
    }

    [Fact(Explicit = true)]
    public void A_board_of_a_million_users()
    {
        var people = new PeopleIndex();
        for (var i = 1; i <= Million; i++)
            people.Add(i * 1_000L, default);
        var before = GC.GetTotalMemory(true);
        var board = new Board(people);
        LoadBoard(board);
        output.WriteLine($"{(GC.GetTotalMemory(true) - before) / (double)Million:F1} bytes a ranked user");
        UseBoard(board);
        output.WriteLine($"{(GC.GetTotalMemory(true) - before) / (double)Million:F1} bytes a ranked user after these updates");
        GC.KeepAlive((people, board));
    }

    [Fact(Explicit = true)]
    public void Bytes_a_user_and_bytes_a_swipe()
    {
        foreach (var (users, swipes) in new[] { (100_000, 5 * Million), (Million, 0), (Million, 100 * Million) })
            MeasureMemory(users, swipes);
    }

    private void LoadBoard(Board board)
    {
        var random = new Random(3);
        board.StartLoad();
        var batch = new ScoreChange[Million];
        for (var part = 0; part < 20; part++)
        {
            for (var i = 0; i < Million; i++)
                batch[i] = new ScoreChange(part == 0 ? i : Skewed(random), 5, part * Million + i);
            board.ApplyBatch(batch);
        }
        var watch = Stopwatch.StartNew();
        board.FinishLoad();
        output.WriteLine($"rank {board.Count} users: {watch.ElapsedMilliseconds} ms");
    }

    private void UseBoard(Board board)
    {
        var random = new Random(5);
        var watch = new Stopwatch();
        foreach (var size in new[] { 1, 200 })
        {
            const int count = 2 * Million;
            var changes = Enumerable.Range(0, count).Select(i => new ScoreChange(Skewed(random), i % 7 == 0 ? -5 : 5, 100L * Million + i))
                .ToArray();
            watch.Restart();
            for (var i = 0; i < count; i += size)
                board.ApplyBatch(changes.AsSpan(i, size));
            output.WriteLine($"updates in batches of {size}: {watch.Elapsed.TotalMicroseconds / count:F3} us each");
        }
        watch.Restart();
        for (var i = 0; i < Million; i++)
            board.TryGetRank(random.Next(Million), out _, out _);
        output.WriteLine($"rank of a user: {watch.Elapsed.TotalMicroseconds / Million:F3} us");
        var top = new BoardEntry[50];
        watch.Restart();
        for (var i = 0; i < Million; i++)
            board.Top(top);
        output.WriteLine($"top 50: {watch.Elapsed.TotalMicroseconds / Million:F3} us");
    }

    private void MeasureMemory(int users, int swipes)
    {
        const int shards = 4;
        var random = new Random(4);
        var start = GC.GetTotalMemory(true);
        var people = new PeopleIndex();
        using var candidates = new CandidateIndex();
        var swiped = Enumerable.Range(0, shards).Select(_ => new SwipedIndex()).ToArray();
        var likers = Enumerable.Range(0, shards).Select(_ => new LikersIndex(people)).ToArray();
        for (var i = 0; i < users; i++)
        {
            var person = RandomPerson(random, 50);
            candidates.Put(people.Add((i + 1L) << 20, person), person);
        }
        var directory = GC.GetTotalMemory(true);

        // In random order, as in a life, rather than user by user, as in a rebuild: this fragments an arena the most.
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < swipes; i++)
        {
            var (me, target) = (Skewed(random, users), Skewed(random, users));
            var kind = random.Next(100) switch { < 45 => SwipeKind.Like, < 50 => SwipeKind.Superlike, _ => SwipeKind.Dislike };
            if (!swiped[me % shards].TryAdd(me, target, kind))
                i--;
            else if (kind != SwipeKind.Dislike)
                likers[target % shards].Add(target, new Liker(me, kind, i), swiped[target % shards].Of(target));
        }
        var seconds = watch.Elapsed.TotalSeconds;
        var afterSwipes = GC.GetTotalMemory(true);

        var boards = new Boards(people, TimeProvider.System);
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        for (var slot = 0; slot < users; slot++)
            boards.Apply([new ScoreChange(slot, 5 + slot % 1_000, now)]);
        var end = GC.GetTotalMemory(true);
        output.WriteLine(
            $"{users:N0} users, {swipes:N0} swipes: {(directory - start) / (double)users:F1} bytes a user in directory and candidates, "
            + $"{(swipes == 0 ? 0 : (afterSwipes - directory) / (double)swipes):F2} bytes a swipe "
            + $"(both sides; {swipes / seconds:N0} a second), "
            + $"{(end - afterSwipes) / (double)users:F1} bytes a user ranked on all three boards, {(end - start) / 1e6:N0} MB in all");
        GC.KeepAlive((people, swiped, likers, boards));
    }

    private static void SwipeNearest(CandidateIndex index, SwipedIndex swiped, CandidateQuery query, int count)
    {
        var nearest = new Candidate[count];
        var search = index.Find(query with { WorkBudget = int.MaxValue / 2 }, nearest, swiped.Of(query.Me));
        foreach (var candidate in nearest.AsSpan(0, search.Found))
            swiped.TryAdd(query.Me, candidate.Slot, SwipeKind.Dislike);
    }

    // A few do and get much more than most.
    private static int Skewed(Random random, int users = Million) => (int)(Math.Pow(random.NextDouble(), 2) * users);

    private static Person RandomPerson(Random random, int cities)
    {
        var city = random.Next(cities);
        return new Person((Sex)random.Next(2), Today.DayNumber - random.Next(18 * 365, 70 * 365),
            GridPlace.Snap(RandomPoint(random, city)), city + 1);
    }

    // Evenly over a disc of 30 km around the city.
    private static GeoPoint RandomPoint(Random random, int city)
    {
        var (latitude, longitude) = (city * 7 % 100 - 45.0, city * 37 % 360 - 180.0);
        var (angle, km) = (random.NextDouble() * Math.Tau, Math.Sqrt(random.NextDouble()) * 30);
        var north = km * Math.Cos(angle) / 111.2;
        return new GeoPoint(latitude + north, longitude + km * Math.Sin(angle) / (111.2 * Math.Cos(double.DegreesToRadians(latitude))));
    }

    private static double Median<T>(List<T> values)
        where T : IConvertible => values.Order().ElementAt(values.Count / 2).ToDouble(null);

    private static string Spread(List<double> times)
    {
        times.Sort();
        return $"median {times[times.Count / 2]:F0}, 95th {times[times.Count * 95 / 100]:F0}, longest {times[^1]:F0}";
    }
}
