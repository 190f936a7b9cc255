using System.Globalization;
using System.Text;
using BenchmarkDotNet.Attributes;
using Swiper.Storage.MySql;

namespace Swiper.Bench.MySql;

/// <summary>Swipes of random pairs inserted in transactions of that many rows. One operation is one row.</summary>
[BenchmarkCategory(BenchmarkCategories.Cluster)]
public class MultiRowInsertBenchmarks : IDisposable
{
    private const int Rows = 5_000;
    private const string Head = "INSERT INTO swiped (uid, sid, kind, at, batch) VALUES";
    private const string Tail = " ON DUPLICATE KEY UPDATE uid = uid";

    private readonly MultiRowInsert _insert = new(Head, columns: 5, Tail, keyColumns: 2);
    private readonly StringBuilder _sql = new();
    private readonly Random _random = new(1);
    private BenchShard _shard = null!;

    [Params(50, 200, 1_000)]
    public int Batch { get; set; }

    [GlobalSetup]
    public void Start()
    {
        _shard = BenchShard.Start();
        Prepared();
        Text();
        Verification.Require(_shard.Connection.ScalarInt64("SELECT COUNT(*) FROM swiped") == 2 * Rows, "every row was committed");
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Rows)]
    public void Prepared() => Insert(static _ => { }, (bench, uid, sid) => bench._insert.Add(uid, sid, 1, 1, 1),
        static bench => bench._insert.Execute(bench._shard.Connection));

    /// <summary>The numbers formatted into SQL.</summary>
    [Benchmark(OperationsPerInvoke = Rows)]
    public void Text() => Insert(
        static bench => bench._sql.Clear().Append(Head),
        static (bench, uid, sid) => bench._sql.Append(CultureInfo.InvariantCulture, $" ({uid},{sid},1,1,1),"),
        static bench =>
        {
            bench._sql.Length--;
            bench._shard.Connection.ExecuteText(bench._sql.Append(Tail).ToString());
        });

    [GlobalCleanup]
    public void Dispose()
    {
        _shard.Dispose();
        GC.SuppressFinalize(this);
    }

    private void Insert(
        Action<MultiRowInsertBenchmarks> begin, Action<MultiRowInsertBenchmarks, long, long> add, Action<MultiRowInsertBenchmarks> send)
    {
        for (var row = 0; row < Rows; row += Batch)
        {
            _shard.Connection.Begin();
            begin(this);
            for (var i = 0; i < Batch; i++)
                add(this, _random.NextInt64(), _random.NextInt64());
            send(this);
            _shard.Connection.Commit();
        }
    }
}
