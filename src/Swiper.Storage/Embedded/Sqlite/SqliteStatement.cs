using System.Buffers;
using System.Text;
using SQLitePCL;

namespace Swiper.Storage.Embedded.Sqlite;

/// <summary>
/// A prepared statement: bind (parameters count from 1), step, read columns (counted from 0). It can be bound again once
/// <see cref="Step"/> has returned false, after <see cref="Run"/>, and after any exception. Only <see cref="Text"/> allocates.
/// </summary>
internal sealed class SqliteStatement : IDisposable
{
    private const int StackBytes = 512;

    private readonly SqliteConnection _connection;
    private readonly sqlite3_stmt _handle;
    private bool _onRow;

    internal SqliteStatement(SqliteConnection connection, sqlite3_stmt handle)
    {
        _connection = connection;
        _handle = handle;
    }

    public void Bind(int index, long value) => _connection.Check(raw.sqlite3_bind_int64(_handle, index, value));

    public void Bind(int index, double value) => _connection.Check(raw.sqlite3_bind_double(_handle, index, value));

    public void BindNull(int index) => _connection.Check(raw.sqlite3_bind_null(_handle, index));

    /// <summary>Binds UTF-8 text; SQLite takes a copy.</summary>
    public void BindText(int index, ReadOnlySpan<byte> utf8) =>
        // An empty span has no address, and binding a null address binds NULL.
        _connection.Check(utf8.IsEmpty
            ? raw.sqlite3_bind_text(_handle, index, utf8z.FromSpan("\0"u8))
            : raw.sqlite3_bind_text(_handle, index, utf8));

    public void BindText(int index, ReadOnlySpan<char> text)
    {
        var size = Encoding.UTF8.GetMaxByteCount(text.Length);
        var rented = size > StackBytes ? ArrayPool<byte>.Shared.Rent(size) : null;
        var utf8 = rented ?? stackalloc byte[StackBytes];
        BindText(index, utf8[..Encoding.UTF8.GetBytes(text, utf8)]);
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented);
    }

    /// <summary>Binds bytes; SQLite takes a copy.</summary>
    public void BindBlob(int index, ReadOnlySpan<byte> bytes) =>
        _connection.Check(bytes.IsEmpty
            ? raw.sqlite3_bind_zeroblob(_handle, index, 0)
            : raw.sqlite3_bind_blob(_handle, index, bytes));

    /// <summary>Moves to the next row; false if there is none, and then the statement is reset.</summary>
    public bool Step()
    {
        var code = raw.sqlite3_step(_handle);
        if (code == raw.SQLITE_ROW)
            return _onRow = true;
        _onRow = false;
        if (code == raw.SQLITE_DONE)
        {
            // Reset at once: an unfinished statement would hold its snapshot and keep the WAL from being reset.
            _ = raw.sqlite3_reset(_handle);
            return false;
        }

        try
        {
            _connection.Throw(code);
            return false;
        }
        finally
        {
            // Only after reading the message, which a reset may replace.
            _ = raw.sqlite3_reset(_handle);
        }
    }

    /// <summary>Runs a statement and discards its rows, if any.</summary>
    public void Run()
    {
        while (Step())
        {
        }
    }

    /// <summary>Discards unread rows; does nothing if the statement is not positioned on a row.</summary>
    public void Reset()
    {
        if (!_onRow)
            return;
        _onRow = false;
        _ = raw.sqlite3_reset(_handle);
    }

    public bool IsNull(int column) => raw.sqlite3_column_type(_handle, column) == raw.SQLITE_NULL;

    public long Int64(int column) => raw.sqlite3_column_int64(_handle, column);

    public double Double(int column) => raw.sqlite3_column_double(_handle, column);

    /// <summary>Text (as UTF-8) or a blob, in SQLite's own memory: valid until the next step or reset.</summary>
    public ReadOnlySpan<byte> Bytes(int column) => raw.sqlite3_column_blob(_handle, column);

    /// <summary>The column as a new string; empty if it is null.</summary>
    public string Text(int column) => Encoding.UTF8.GetString(Bytes(column));

    public void Dispose() => _handle.Dispose();
}
