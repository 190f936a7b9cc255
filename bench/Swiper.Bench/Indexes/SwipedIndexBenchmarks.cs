using BenchmarkDotNet.Attributes;
using Swiper.Core.Social;
using Swiper.Storage.Embedded.Indexes;

namespace Swiper.Bench.Indexes;

/// <summary>Whom 1,000 users have swiped, 1,000 people each.</summary>
public class SwipedIndexBenchmarks
{
    private const int Users = 1_000;
    private const int Swipes = 1_000;

    private readonly SwipedIndex _index = new();

    [GlobalSetup]
    public void Fill()
    {
        for (var user = 0; user < Users; user++)
        {
            for (var i = 0; i < Swipes; i++)
                _index.TryAdd(user, TargetOf(user, i), SwipeKind.Dislike);
        }
        Verification.Require(Known() == Users && Unknown() == 0, "swipes are found, and no others");
        Verification.Require(AddAndRemove() == Users && _index.Count(0) == Swipes, "a swipe is added and taken back");
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Users)]
    public int Known()
    {
        var found = 0;
        for (var user = 0; user < Users; user++)
        {
            if (_index.TryGet(user, TargetOf(user, user), out _))
                found++;
        }
        return found;
    }

    [Benchmark(OperationsPerInvoke = Users)]
    public int Unknown()
    {
        var found = 0;
        for (var user = 0; user < Users; user++)
        {
            if (_index.TryGet(user, TargetOf(user, Swipes + user), out _))
                found++;
        }
        return found;
    }

    [Benchmark(OperationsPerInvoke = Users)]
    public int AddAndRemove()
    {
        var done = 0;
        for (var user = 0; user < Users; user++)
        {
            var target = TargetOf(user, Swipes);
            if (_index.TryAdd(user, target, SwipeKind.Like) && _index.Remove(user, target))
                done++;
        }
        return done;
    }

    // Each user has met different people than the next.
    private static int TargetOf(int user, int number) => user * 31 + number * 37;
}
