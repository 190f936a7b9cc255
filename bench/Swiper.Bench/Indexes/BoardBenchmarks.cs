using BenchmarkDotNet.Attributes;
using Swiper.Storage.Embedded.Indexes;
using Swiper.Storage.Indexes;

namespace Swiper.Bench.Indexes;

/// <summary>A board of everyone.</summary>
public class BoardBenchmarks
{
    private const int Batch = 256;
    private const int Lookups = 256;

    private readonly BoardEntry[] _entries = new BoardEntry[50];
    private readonly ScoreChange[] _batch = new ScoreChange[Batch];
    private Board _board = null!;
    private int _changed;

    [Params(100_000, 1_000_000)]
    public int Count { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        var people = new PeopleIndex();
        for (var i = 0; i < Count; i++)
            people.Add(People.UidOf(i), default);
        _board = new Board(people);
        var random = new Random(1);
        _board.ApplyBatch([.. Enumerable.Range(0, Count).Select(slot => new ScoreChange(slot, 1 + random.Next(2_000), slot))]);

        Verification.Require(_board.Count == Count, "everyone is ranked");
        Verification.Require(Top50() == 50 && Around() == 11 && Rank() > 0, "ranks are found");
        // Once up and once down, so that the blocks reach their steady-state distribution.
        for (var i = 0; i < 2 * Count; i += Batch)
            Changes();
        Verification.Require(_board.Count == Count, "scores change and no one is lost");
    }

    /// <summary>Scores change, 256 at a time; one operation is one change.</summary>
    [Benchmark(OperationsPerInvoke = Batch)]
    public void Changes()
    {
        for (var i = 0; i < Batch; i++)
        {
            _changed++;
            // Alternately up and down, so that scores stay about the same.
            _batch[i] = new ScoreChange((int)(_changed * 7919L % Count), (_changed / Count & 1) == 0 ? 5 : -5, Count + _changed);
        }
        _board.ApplyBatch(_batch);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Lookups)]
    public long Rank()
    {
        var sum = 0L;
        for (var i = 0; i < Lookups; i++)
        {
            if (_board.TryGetRank(i * 389, out var rank, out _))
                sum += rank;
        }
        return sum;
    }

    [Benchmark]
    public int Top50() => _board.Top(_entries);

    [Benchmark]
    public int Around() => _board.Around(Count / 2, _entries.AsSpan(0, 11), out _);
}
