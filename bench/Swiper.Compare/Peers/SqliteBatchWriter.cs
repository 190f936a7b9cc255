using System.Diagnostics;
using SQLitePCL;

namespace Swiper.Compare.Peers;

/// <summary>One SQLite file and its prepared statements, for one thread.</summary>
internal sealed class SqliteBatchWriter : IDisposable
{
    private const string Schema = """
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        CREATE TABLE swiped(uid INTEGER, sid INTEGER, kind INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY(uid, sid)) WITHOUT ROWID;
        """;

    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _begin;
    private readonly sqlite3_stmt _insert;
    private readonly sqlite3_stmt _commit;
    private readonly Random _random;
    private readonly int _firstUid;
    private readonly int _uidStep;
    private readonly int _uids;
    private readonly int _rowsPerBatch;

    public SqliteBatchWriter(string path, int firstUid, int uidStep, int uids, int rowsPerBatch)
    {
        (_firstUid, _uidStep, _uids, _rowsPerBatch, _random) = (firstUid, uidStep, uids, rowsPerBatch, new Random(firstUid));
        Expect(raw.SQLITE_OK,
            raw.sqlite3_open_v2(path, out _database, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE | raw.SQLITE_OPEN_NOMUTEX, null));
        Expect(raw.SQLITE_OK, raw.sqlite3_exec(_database, Schema));
        _begin = Prepare("BEGIN IMMEDIATE");
        _insert = Prepare("INSERT OR IGNORE INTO swiped(uid, sid, kind, at) VALUES(?1, ?2, ?3, ?4)");
        _commit = Prepare("COMMIT");
    }

    /// <summary>The rows made durable within the time.</summary>
    public long InsertFor(TimeSpan time)
    {
        var start = Stopwatch.GetTimestamp();
        var rows = 0L;
        while (Stopwatch.GetElapsedTime(start) < time)
        {
            Run(_begin);
            for (var i = 0; i < _rowsPerBatch; i++)
                Insert(_firstUid + _random.Next(_uids) * _uidStep, _random.NextInt64(1L << 40));
            Run(_commit);
            rows += _rowsPerBatch;
        }
        return rows;
    }

    public void Dispose()
    {
        _begin.Dispose();
        _insert.Dispose();
        _commit.Dispose();
        _database.Dispose();
    }

    private void Insert(long uid, long sid)
    {
        raw.sqlite3_bind_int64(_insert, 1, uid);
        raw.sqlite3_bind_int64(_insert, 2, sid);
        raw.sqlite3_bind_int64(_insert, 3, 1 + (sid & 1));
        raw.sqlite3_bind_int64(_insert, 4, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        Run(_insert);
    }

    private sqlite3_stmt Prepare(string sql)
    {
        Expect(raw.SQLITE_OK, raw.sqlite3_prepare_v2(_database, sql, out var statement));
        return statement;
    }

    private void Run(sqlite3_stmt statement)
    {
        Expect(raw.SQLITE_DONE, raw.sqlite3_step(statement));
        Expect(raw.SQLITE_OK, raw.sqlite3_reset(statement));
    }

    private void Expect(int expected, int result)
    {
        if (result != expected)
            throw new InvalidOperationException($"SQLite answered {result}: {raw.sqlite3_errmsg(_database).utf8_to_string()}");
    }
}
