using BenchmarkDotNet.Attributes;
using Swiper.Storage.MySql;

namespace Swiper.Bench.MySql;

/// <summary>Queries of that many keys each in a table of 100,000 swipes. One operation is one key.</summary>
[BenchmarkCategory(BenchmarkCategories.Cluster)]
public class KeyedSelectBenchmarks : IDisposable
{
    private const int Rows = 100_000;
    private const int Users = 1_000;
    private const int Lookups = 1_024;

    private readonly KeyedSelect _select = new("SELECT uid, sid, kind FROM swiped WHERE (uid, sid) IN", 2);
    private readonly Random _random = new(1);
    private BenchShard _shard = null!;
    private long _found;

    [Params(1, 16, 256)]
    public int Keys { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        _shard = BenchShard.Start();
        var insert = new MultiRowInsert("INSERT INTO swiped (uid, sid, kind, at, batch) VALUES", columns: 5);
        for (var i = 0; i < Rows; i++)
            insert.Add(i % Users, i, 1, 1, 1);
        insert.Execute(_shard.Connection);
        Hits();
        Verification.Require(_found == Lookups, "each of the keys is found");
        Misses();
        Verification.Require(_found == Lookups, "none of the other keys is found");
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Lookups)]
    public void Hits() => Select(static sid => sid % Users);

    [Benchmark(OperationsPerInvoke = Lookups)]
    public void Misses() => Select(static _ => -1);

    [GlobalCleanup]
    public void Dispose()
    {
        _shard.Dispose();
        GC.SuppressFinalize(this);
    }

    private void Select(Func<int, long> uidOf)
    {
        for (var key = 0; key < Lookups; key += Keys)
        {
            // Ascending, so that no query has a key twice.
            var first = _random.Next(Rows - Keys);
            for (var i = 0; i < Keys; i++)
                _select.Add(uidOf(first + i), first + i);
            _select.Execute(_shard.Connection, _ => _found++);
        }
    }
}
