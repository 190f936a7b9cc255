using BenchmarkDotNet.Attributes;
using Swiper.Bench.Hosting;
using Swiper.Local;
using Swiper.Local.Processes;
using Swiper.Storage.Embedded.Sqlite;
using Swiper.Storage.Sharding;

namespace Swiper.Bench.Lanes;

/// <summary>
/// Operations awaited through a lane, with as many in flight as the wanted batch size, each starting the next when it completes; so all
/// batches but the first few have exactly that size. One operation is one row.
/// </summary>
public class LaneBenchmarks : IDisposable
{
    private const int Rows = 1_024;

    private ScratchFolder _folder = null!;
    private SqliteConnection _connection = null!;
    private Lane<NoStore> _bare = null!;
    private Lane<SwipedRows> _sqlite = null!;
    private ClosedLoop<int> _throughBare = null!;
    private ClosedLoop<int> _throughSqlite = null!;

    [Params(1, 16, 256)]
    public int Batch { get; set; }

    [GlobalSetup]
    public void Start()
    {
        ExitOnSignal.Enable();
        _folder = new ScratchFolder("bench");
        _connection = SqliteConnection.OpenWriter(_folder.File("lane.db"));
        SqliteMigrator.Shard.Migrate(_connection);
        _bare = new Lane<NoStore>("bare", new NoStore());
        _sqlite = new Lane<SwipedRows>("sqlite", new SwipedRows(_connection));
        _throughBare = new ClosedLoop<int>(Batch, () => DoNothing.Through(_bare), static _ => { });
        _throughSqlite = new ClosedLoop<int>(Batch, () => InsertRow.Through(_sqlite), static _ => { });

        WithoutStore();
        Sqlite();
        // The lane may still be in the transaction that completed the last row.
        _sqlite.Stop();
        Verification.Require(_connection.ReadInt64("SELECT count(*) FROM swiped") == Rows, "every row was committed");
        _sqlite = new Lane<SwipedRows>("sqlite", new SwipedRows(_connection));
    }

    /// <summary>The lane by itself: operations and commits do nothing.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Rows)]
    public void WithoutStore() => _throughBare.Run(Rows);

    /// <summary>Rows of Swiper's own table, each batch synced to disk.</summary>
    [Benchmark(OperationsPerInvoke = Rows)]
    public void Sqlite() => _throughSqlite.Run(Rows);

    [GlobalCleanup]
    public void Dispose()
    {
        _bare.Dispose();
        _sqlite.Dispose();
        _throughBare.Dispose();
        _throughSqlite.Dispose();
        _connection.Dispose();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }
}
