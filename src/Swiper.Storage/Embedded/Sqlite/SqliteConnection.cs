using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using SQLitePCL;

namespace Swiper.Storage.Embedded.Sqlite;

/// <summary>
/// One connection to one SQLite file, used by one thread at a time. Statements are prepared once and kept by their users; they are
/// finalized with the connection.
/// </summary>
internal sealed class SqliteConnection : IDisposable
{
    // No SQLite mutexes: a lane owns its connection, and a reader is rented by one thread at a time.
    private const int WriterFlags = raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE | raw.SQLITE_OPEN_NOMUTEX;
    private const int ReaderFlags = raw.SQLITE_OPEN_READONLY | raw.SQLITE_OPEN_NOMUTEX;

    // A reader waits only while the WAL is recovered or reset, which is short; the sole writer never waits.
    private const int ReaderBusyMilliseconds = 1000;

    // synchronous=FULL: the WAL is synced at every commit, before any reply. NORMAL would sync at checkpoints only. wal_autocheckpoint:
    // random keys touch one page per row; with a longer WAL a page is written once for many batches. The writer checkpoints itself, on its
    // own thread: in this version of SQLite a checkpoint by one connection while another writes can lose pages
    // (sqlite.org/wal.html#walresetbug), so readers are read-only and nobody else ever does it.
    private const string WriterPragmas = """
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        PRAGMA foreign_keys = OFF;
        PRAGMA cache_size = -65536;
        PRAGMA temp_store = MEMORY;
        PRAGMA wal_autocheckpoint = 8192;
        PRAGMA journal_size_limit = 67108864;
        """;

    private const string ReaderPragmas = "PRAGMA cache_size = -4096;";

    private readonly sqlite3 _handle;
    private readonly List<SqliteStatement> _statements = [];

    private SqliteConnection(sqlite3 handle, string path)
    {
        _handle = handle;
        Path = path;
    }

    public string Path { get; }

    /// <summary>Whether a transaction is open; SQLite rolls back by itself on some errors.</summary>
    public bool InTransaction => raw.sqlite3_get_autocommit(_handle) == 0;

    /// <summary>The number of rows changed by the last insert, update or delete.</summary>
    public int Changes => raw.sqlite3_changes(_handle);

    /// <summary>Opens the file for reading and writing with durable commits, creating it if missing.</summary>
    /// <exception cref="SqliteException">The file can't be opened or is not a database.</exception>
    public static SqliteConnection OpenWriter(string path) => Open(path, WriterFlags, 0, WriterPragmas);

    /// <summary>Opens an existing file for reading; it sees what was committed before each of its statements began.</summary>
    /// <exception cref="SqliteException">The file can't be opened or is no database.</exception>
    public static SqliteConnection OpenReader(string path) => Open(path, ReaderFlags, ReaderBusyMilliseconds, ReaderPragmas);

    /// <summary>Compiles a statement that lives as long as the connection; <paramref name="sql"/> is one UTF-8 statement.</summary>
    public SqliteStatement Prepare(ReadOnlySpan<byte> sql)
    {
        // Not v2: for a persistent statement SQLite allocates outside the connection's lookaside memory.
        Check(raw.sqlite3_prepare_v3(_handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out var handle));
        var statement = new SqliteStatement(this, handle);
        _statements.Add(statement);
        return statement;
    }

    /// <summary>Runs a script of any number of statements; for schema and pragmas, not for the hot path.</summary>
    public void Execute(string sql) => Check(raw.sqlite3_exec(_handle, sql));

    /// <summary>As <see cref="Execute"/>, but returns false on failure.</summary>
    public bool TryExecute(string sql) => raw.sqlite3_exec(_handle, sql) == raw.SQLITE_OK;

    /// <summary>The first column of the first row as text, null without a row; not for the hot path.</summary>
    public string? ReadText(string sql)
    {
        Check(raw.sqlite3_prepare_v2(_handle, Encoding.UTF8.GetBytes(sql), out var handle));
        using var statement = new SqliteStatement(this, handle);
        return statement.Step() ? statement.Text(0) : null;
    }

    /// <summary>The first column of the first row as a number; not for the hot path.</summary>
    public long ReadInt64(string sql) => long.Parse(ReadText(sql) ?? "0", CultureInfo.InvariantCulture);

    /// <summary>Resets every statement that is positioned on a row, so that no snapshot or lock is left behind.</summary>
    public void ResetStatements()
    {
        foreach (var statement in _statements)
            statement.Reset();
    }

    public void Dispose()
    {
        foreach (var statement in _statements)
            statement.Dispose();
        _statements.Clear();
        // The last connection to close checkpoints the WAL into the file.
        _ = raw.sqlite3_close_v2(_handle);
    }

    internal void Check(int code)
    {
        if (code is not (raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE))
            Throw(code);
    }

    [DoesNotReturn]
    internal void Throw(int code) => throw new SqliteException(code, raw.sqlite3_errmsg(_handle).utf8_to_string(), Path);

    private static SqliteConnection Open(string path, int flags, int busyMilliseconds, string pragmas)
    {
        SqliteLibrary.Load();
        var code = raw.sqlite3_open_v2(path, out var handle, flags, null);
        var connection = new SqliteConnection(handle, path);
        try
        {
            connection.Check(code);
            connection.Check(raw.sqlite3_extended_result_codes(handle, 1));
            connection.Check(raw.sqlite3_busy_timeout(handle, busyMilliseconds));
            connection.Execute(pragmas);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
