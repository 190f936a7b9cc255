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
    private SqliteConnection _otherConnection = null!;
    private SwipedRows _rows = null!;
    private readonly LaneThreads _threads = new();
    private Lane<NoStore> _bare = null!;
    private Lane<SwipedRows> _sqlite = null!;
    private ConcurrentCallers<int> _throughBare = null!;
    private ConcurrentCallers<int> _throughSqlite = null!;

    [Params(1, 16, 256)]
    public int Batch { get; set; }

    [GlobalSetup]
    public void Start()
    {
        ExitOnSignal.Enable();
        _folder = new ScratchFolder("bench");
        _connection = Open("lane.db");
        _otherConnection = Open("other.db");
        _rows = new SwipedRows(_otherConnection);
        _bare = new Lane<NoStore>("bare", _threads, new NoStore());
        _sqlite = new Lane<SwipedRows>("sqlite", _threads, new SwipedRows(_connection));
        _throughBare = new ConcurrentCallers<int>(Batch, () => DoNothing.Through(_bare), static _ => { });
        _throughSqlite = new ConcurrentCallers<int>(Batch, () => InsertRow.Through(_sqlite), static _ => { });

        WithoutStore();
        Sqlite();
        SqliteWithoutLane();
        // The lane may still be in the transaction that completed the last row.
        _sqlite.Stop();
        Verification.Require(RowsIn(_connection) == Rows && RowsIn(_otherConnection) == Rows, "every row was committed");
        _sqlite = new Lane<SwipedRows>("sqlite", _threads, new SwipedRows(_connection));
    }

    /// <summary>The lane by itself: operations and commits do nothing.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Rows)]
    public void WithoutStore() => _throughBare.Run(Rows);

    /// <summary>Rows of Swiper's own table, each batch synced to disk.</summary>
    [Benchmark(OperationsPerInvoke = Rows)]
    public void Sqlite() => _throughSqlite.Run(Rows);

    /// <summary>The same batches in a plain loop.</summary>
    [Benchmark(OperationsPerInvoke = Rows)]
    public void SqliteWithoutLane()
    {
        for (var row = 0; row < Rows; row += Batch)
        {
            _rows.Begin();
            for (var i = 0; i < Batch; i++)
                _rows.Insert();
            _rows.Commit();
        }
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _bare.Dispose();
        _sqlite.Dispose();
        _threads.Dispose();
        _throughBare.Dispose();
        _throughSqlite.Dispose();
        _connection.Dispose();
        _otherConnection.Dispose();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private SqliteConnection Open(string name)
    {
        var connection = SqliteConnection.OpenWriter(_folder.File(name));
        SqliteMigrator.Shard.Migrate(connection);
        return connection;
    }

    private static long? RowsIn(SqliteConnection connection) => connection.ReadInt64("SELECT count(*) FROM swiped");
}
