using BenchmarkDotNet.Attributes;
using Swiper.Core.Accounts;
using Swiper.Storage.Caching;
using Swiper.Storage.Indexes;

namespace Swiper.Bench.Indexes;

/// <summary>A whole deck of 30 among the people of one city, all of whom are active: searched, put in order, with turns.</summary>
public class DeckSearchBenchmarks : IDisposable
{
    private const int DeckSize = 30;

    private readonly Func<int, Sex, int, DeckHistory> _noHistory = static (_, _, _) => DeckHistory.Of([], []);
    private PeopleDirectory _directory = null!;
    private DeckSearch _search = null!;
    private Profile _me = null!;

    [Params(100_000, 1_000_000)]
    public int Count { get; set; }

    /// <summary>How many of a hundred people wait for a turn.</summary>
    [Params(0, 10)]
    public int Waiting { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        _directory = new PeopleDirectory(new ProfileCacheOptions(1), TimeProvider.System, knowsEverybody: true);
        _search = new DeckSearch(_directory, static slot => slot % 100);
        var slot = 0;
        foreach (var person in People.Some(Count))
        {
            _directory.Load(slot + 1, person);
            _directory.Activity.Note(slot, ActivityIndex.FirstHourOf(People.Today) - slot % 500);
            if (slot % 100 < Waiting)
                _directory.Turns.Wait(slot, People.Today.DayNumber);
            slot++;
        }
        _me = new Profile
        {
            Uid = 1,
            Phone = "+999",
            Created = 0,
            DatingSex = Sex.Female,
            Place = new Place(People.Centre.Latitude, People.Centre.Longitude),
            MaxDistance = 30,
        };
        Verification.Require(Draw() == DeckSize, "the deck is full");
    }

    [Benchmark(Baseline = true)]
    public int Draw() => _search.Draw(_me, DeckSize, People.Today, why: false, _noHistory).People.Count;

    /// <summary>The deck explains itself.</summary>
    [Benchmark]
    public int DrawWithWhy() => _search.Draw(_me, DeckSize, People.Today, why: true, _noHistory).People.Count;

    [GlobalCleanup]
    public void Dispose()
    {
        _directory.Dispose();
        GC.SuppressFinalize(this);
    }
}
