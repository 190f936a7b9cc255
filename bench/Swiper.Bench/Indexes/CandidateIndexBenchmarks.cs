using BenchmarkDotNet.Attributes;
using Swiper.Core.Accounts;
using Swiper.Core.Social;
using Swiper.Storage.Embedded.Indexes;
using Swiper.Storage.Indexes;

namespace Swiper.Bench.Indexes;

/// <summary>The search for a deck of 30 among the people of one city.</summary>
public class CandidateIndexBenchmarks : IDisposable
{
    private const int Me = 0;
    private const int DeckSize = 30;

    private readonly Candidate[] _found = new Candidate[DeckSize];
    private readonly SwipedIndex _swiped = new();
    private Person[] _people = [];
    private CandidateIndex _index = null!;
    private int _moved;

    [Params(100_000, 1_000_000)]
    public int Count { get; set; }

    /// <summary>The people nearest to the searcher have all been swiped.</summary>
    [Params(0, 5_000, 40_000)]
    public int Swiped { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        _people = [.. People.Some(Count)];
        _index = new CandidateIndex();
        for (var slot = 0; slot < Count; slot++)
            _index.Put(slot, _people[slot]);
        var nearest = new Candidate[Swiped];
        var search = _index.Find(Query(maxKm: 30) with { WorkBudget = int.MaxValue }, nearest, _swiped.Of(Me));
        foreach (var candidate in nearest.AsSpan(0, search.Found))
            _swiped.TryAdd(Me, candidate.Slot, SwipeKind.Dislike);

        Verification.Require(search.Found == Swiped, "the expected number of people are near");
        Verification.Require(Deck() == DeckSize && EmptyDeck() == 0, "one deck is full and one is empty");
    }

    [Benchmark(Baseline = true)]
    public int Deck() => _index.Find(Query(maxKm: 30), _found, _swiped.Of(Me)).Found;

    /// <summary>No one has a matching age: the people removed by each filter are counted.</summary>
    [Benchmark]
    public int EmptyDeck() =>
        _index.Find(Query(maxKm: 30) with { Birthdays = BirthdayRange.OfAges(90, 99, People.Today) }, _found, _swiped.Of(Me)).Found;

    /// <summary>A person moves to the location of the next.</summary>
    [Benchmark]
    public void Move()
    {
        _moved = (_moved + 1) % (Count - 1);
        _index.Put(_moved, _people[_moved] with { Place = _people[_moved + 1].Place });
        _index.Put(_moved, _people[_moved]);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _index.Dispose();
        GC.SuppressFinalize(this);
    }

    private static CandidateQuery Query(int maxKm) => new()
    {
        Me = Me,
        Sex = Sex.Female,
        Birthdays = BirthdayRange.OfAges(18, 50, People.Today),
        Place = People.Centre,
        MinKm = 0,
        MaxKm = maxKm,
        Seed = 1,
    };
}
