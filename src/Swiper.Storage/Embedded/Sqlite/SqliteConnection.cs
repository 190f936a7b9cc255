using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using DriverConnection = Microsoft.Data.Sqlite.SqliteConnection;
using DriverException = Microsoft.Data.Sqlite.SqliteException;

namespace Swiper.Storage.Embedded.Sqlite;

/// <summary>
/// One connection to one SQLite file, used by one thread at a time. The hot path prepares its statements once and keeps them; they are
/// finalized with the connection. Everything else uses the same connection, and so the same transaction, through ADO.NET.
/// </summary>
internal sealed partial class SqliteConnection : IDisposable
{
    // A reader waits only while the WAL is recovered or reset, which is short. The sole writer may have to wait for a reader: one that
    // reads the header of the WAL just while it is written reads it again under the write lock (walIndexReadHdr in SQLite's wal.c).
    private const int BusyMilliseconds = 1000;

    /// <summary>Bytes of a WAL that SQLite leaves when it begins anew.</summary>
    public const long WalSizeLimit = 67_108_864;

    // SQLITE_FCNTL_HAS_MOVED (sqlite3.h).
    private const int HasMovedControl = 20;

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
        PRAGMA journal_size_limit = 67108864; -- WalSizeLimit
        """;

    private const string ReaderPragmas = "PRAGMA cache_size = -4096;";

    // Whoever makes a copy syncs it once it is whole, and throws it away otherwise.
    private const string CopyPragmas = """
        PRAGMA locking_mode = EXCLUSIVE;
        PRAGMA journal_mode = OFF;
        PRAGMA synchronous = OFF;
        PRAGMA cache_size = -4096;
        """;

    private readonly DriverConnection _driver;
    private readonly PreparedCommands _commands;
    private readonly sqlite3 _handle;
    private readonly List<SqliteStatement> _statements = [];

    private SqliteConnection(DriverConnection driver, string path)
    {
        _driver = driver;
        _commands = new PreparedCommands(driver);
        _handle = driver.Handle!;
        Path = path;
    }

    public string Path { get; }

    internal sqlite3 Handle => _handle;

    /// <summary>Whether a transaction is open; SQLite rolls back by itself on some errors.</summary>
    public bool InTransaction => raw.sqlite3_get_autocommit(_handle) == 0;

    /// <summary>The number of rows changed by the last insert, update or delete.</summary>
    public int Changes => raw.sqlite3_changes(_handle);

    /// <summary>The row id of the last insert.</summary>
    public long LastInsertedId => raw.sqlite3_last_insert_rowid(_handle);

    /// <summary>Opens the file for reading and writing with durable commits, creating it if missing.</summary>
    /// <exception cref="SqliteException">The file can't be opened or is not a database.</exception>
    public static SqliteConnection OpenWriter(string path) =>
        Open(path, SqliteOpenMode.ReadWriteCreate, WriterPragmas);

    /// <summary>Opens an existing file for reading; it sees what was committed before each of its statements began.</summary>
    /// <exception cref="SqliteException">The file can't be opened or is no database.</exception>
    public static SqliteConnection OpenReader(string path) =>
        Open(path, SqliteOpenMode.ReadOnly, ReaderPragmas);

    /// <summary>Opens a new file for what <see cref="SqliteCopy"/> copies to it: nothing is durable.</summary>
    /// <exception cref="SqliteException">The file can't be made.</exception>
    public static SqliteConnection OpenCopy(string path) =>
        Open(path, SqliteOpenMode.ReadWriteCreate, CopyPragmas);

    /// <summary>Compiles a statement that lives as long as the connection; <paramref name="sql"/> is one UTF-8 statement.</summary>
    public SqliteStatement Prepare(ReadOnlySpan<byte> sql)
    {
        // Not v2: for a persistent statement SQLite allocates outside the connection's lookaside memory.
        Check(raw.sqlite3_prepare_v3(_handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out var handle));
        var statement = new SqliteStatement(this, handle);
        _statements.Add(statement);
        return statement;
    }

    /// <summary>
    /// Runs ADO.NET code on this thread, within the connection's transaction if there is one. SQLite answers at once, so the code may be
    /// written asynchronously, for other databases' sake, but may await nothing else.
    /// </summary>
    public TResult Run<TResult>(Func<DbConnection, Task<TResult>> work)
    {
        try
        {
            var task = work(_commands);
            if (!task.IsCompleted)
                throw new InvalidOperationException("This code awaits something but its connection, which would hold up the shard.");
            return task.GetAwaiter().GetResult();
        }
        catch (DriverException exception)
        {
            throw Translated(exception, Path);
        }
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

    /// <summary>Whether another file, or none, has the path that this one was opened by.</summary>
    public bool HasMoved()
    {
        var moved = 0;
        Check(FileControl(_handle.DangerousGetHandle(), "main", HasMovedControl, ref moved));
        return moved != 0;
    }

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
        _commands.Dispose();
        // The last connection to close checkpoints the WAL into the file.
        _driver.Dispose();
    }

    internal void Check(int code)
    {
        if (code is not (raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE))
            Throw(code);
    }

    [DoesNotReturn]
    internal void Throw(int code) => throw new SqliteException(code, raw.sqlite3_errmsg(_handle).utf8_to_string(), Path);

    private static SqliteConnection Open(string path, SqliteOpenMode mode, string pragmas)
    {
        SqliteLibrary.Load();
        var settings = new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mode,
            // The writer and the readers of a shard are kept open anyway.
            Pooling = false,
            // How long a command is repeated while the file is busy, in seconds; 0 would be for ever.
            DefaultTimeout = 1,
        };
        var driver = new DriverConnection(settings.ConnectionString);
        try
        {
            driver.Open();
            var connection = new SqliteConnection(driver, path);
            connection.Check(raw.sqlite3_extended_result_codes(connection._handle, 1));
            connection.Check(raw.sqlite3_busy_timeout(connection._handle, BusyMilliseconds));
            connection.Execute(pragmas);
            return connection;
        }
        catch (Exception exception)
        {
            driver.Dispose();
            if (exception is DriverException driverException)
                throw Translated(driverException, path);
            throw;
        }
    }

    // SQLitePCLRaw does not have it.
    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_file_control", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int FileControl(nint connection, string database, int control, ref int argument);

    private static SqliteException Translated(DriverException exception, string path) =>
        new(exception.SqliteExtendedErrorCode, exception.Message, path);
}
