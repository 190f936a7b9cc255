using Swiper.Core.Social;
using Swiper.Storage.Embedded.Indexes;
using Swiper.Storage.Indexes;

namespace Swiper.Bench.Indexes;

/// <summary>
/// What the indexes of the embedded engine keep of users and swipes, as the heap shows it; BenchmarkDotNet only counts what is allocated.
/// </summary>
internal static class IndexMemory
{
    private const int Million = 1_000_000;
    private const int Shards = 4;

    /// <summary>Prints bytes per user and swipe of three stores, up to a million users and 100 million swipes.</summary>
    public static int Run()
    {
        foreach (var (users, swipes) in new[] { (100_000, 5 * Million), (Million, 0), (Million, 100 * Million) })
            Measure(users, swipes);
        return 0;
    }

    private static void Measure(int users, int swipes)
    {
        var start = GC.GetTotalMemory(true);
        var people = new PeopleIndex();
        using var candidates = new CandidateIndex();
        foreach (var (number, person) in People.Some(users).Index())
            candidates.Put(people.Add(People.UidOf(number), person), person);
        var withUsers = GC.GetTotalMemory(true);

        var (swiped, likers) = Swipe(people, users, swipes);
        var withSwipes = GC.GetTotalMemory(true);

        var boards = new Boards(people, TimeProvider.System);
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        for (var slot = 0; slot < users; slot++)
            boards.Apply([new ScoreChange(slot, 5 + slot % 1_000, now)]);
        var end = GC.GetTotalMemory(true);

        Console.WriteLine($"{users:N0} users, {swipes:N0} swipes: {(end - start) / 1e6:N0} MB");
        Console.WriteLine($"  a user in directory and candidates: {(withUsers - start) / (double)users:F1} B");
        Console.WriteLine($"  a user ranked on all three boards: {(end - withSwipes) / (double)users:F1} B");
        if (swipes > 0)
            Console.WriteLine($"  a swipe, both sides: {(withSwipes - withUsers) / (double)swipes:F2} B");
        GC.KeepAlive((people, swiped, likers, boards));
    }

    // In random order, as in a life, rather than user by user, as in a rebuild: this fragments an arena the most.
    private static (SwipedIndex[] Swiped, LikersIndex[] Likers) Swipe(PeopleIndex people, int users, int swipes)
    {
        SwipedIndex[] swiped = [.. Enumerable.Range(0, Shards).Select(_ => new SwipedIndex())];
        LikersIndex[] likers = [.. Enumerable.Range(0, Shards).Select(_ => new LikersIndex(people))];
        var random = new Random(1);
        for (var done = 0; done < swipes;)
        {
            var (me, target) = (Skewed(random, users), Skewed(random, users));
            var kind = random.Next(100) switch { < 45 => SwipeKind.Like, < 50 => SwipeKind.Superlike, _ => SwipeKind.Dislike };
            if (!swiped[me % Shards].TryAdd(me, target, kind))
                continue;
            if (kind != SwipeKind.Dislike)
                likers[target % Shards].Add(target, new Liker(me, kind, done), swiped[target % Shards].Of(target));
            done++;
        }
        return (swiped, likers);
    }

    // A few do and get much more than most.
    private static int Skewed(Random random, int users) => (int)(Math.Pow(random.NextDouble(), 2) * users);
}
