using BenchmarkDotNet.Attributes;
using Swiper.Core.Social;
using Swiper.Storage.Embedded.Indexes;
using Swiper.Storage.Indexes;

namespace Swiper.Bench.Indexes;

/// <summary>Who likes whom: 1,000 users with 200 likers each, a tenth of them by a superlike.</summary>
public class LikersIndexBenchmarks
{
    private const int Users = 1_000;
    private const int Likers = 200;
    private const int Page = 30;

    private readonly SwipedIndex _nobodySwiped = new();
    private readonly Liker[] _page = new Liker[Page];
    private LikersIndex _index = null!;

    [GlobalSetup]
    public void Fill()
    {
        var people = new PeopleIndex();
        for (var i = 0; i < Users + Likers; i++)
            people.Add(People.UidOf(i), default);
        _index = new LikersIndex(people);
        for (var user = 0; user < Users; user++)
        {
            for (var i = 0; i < Likers; i++)
                _index.Add(user, new Liker(Users + i, i % 10 == 0 ? SwipeKind.Superlike : SwipeKind.Like, At: i), _nobodySwiped.Of(user));
        }
        Verification.Require(NewestPage() == Page && Superlikers() == Likers / 10, "likers are found");
        Verification.Require(AddAndRemove() == Users && _index.Count(0) == Likers, "a like is added and taken back");
    }

    [Benchmark(Baseline = true)]
    public int NewestPage() => _index.CopyNewestTo(0, after: null, _page, _nobodySwiped.Of(0));

    [Benchmark]
    public int Superlikers() => _index.CopySuperlikersTo(0, _page, _nobodySwiped.Of(0), _nobodySwiped.Of(0));

    [Benchmark(OperationsPerInvoke = Users)]
    public int AddAndRemove()
    {
        var done = 0;
        for (var user = 0; user < Users; user++)
        {
            var liker = user == 0 ? 1 : 0;
            _index.Add(user, new Liker(liker, SwipeKind.Like, At: Likers), _nobodySwiped.Of(user));
            if (_index.Remove(user, liker, SwipeKind.Like))
                done++;
        }
        return done;
    }
}
