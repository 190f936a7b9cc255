using SQLitePCL;
using Swiper.Core.Dispatch;

namespace Swiper.Storage.Embedded.Sqlite;

/// <summary>A SQLite error; <see cref="Code"/> is the extended result code.</summary>
internal sealed class SqliteException(int code, string message, string file)
    : Exception($"{Path.GetFileName(file)}: {message} (SQLite {code & 0xff}/{code >> 8})")
{
    /// <summary>The full path of the connection's file.</summary>
    public string File { get; } = file;

    /// <summary>The extended result code; its low byte is the primary code.</summary>
    public int Code { get; } = code;

    /// <summary>The file is damaged or not a database.</summary>
    public bool IsCorrupt => Primary is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB;

    /// <summary>The disk is full, or the file has reached its size limit.</summary>
    public bool IsFull => Primary is raw.SQLITE_FULL;

    /// <summary>A read or write failed in the operating system.</summary>
    public bool IsInputOutput => Primary is raw.SQLITE_IOERR or raw.SQLITE_CANTOPEN or raw.SQLITE_READONLY or raw.SQLITE_PERM;

    /// <summary>Another connection holds the lock that this one needs.</summary>
    public bool IsBusy => Primary is raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_PROTOCOL;

    /// <summary>
    /// The store is at fault, not the statement, which may succeed later. Anything else (a constraint, a syntax error, misuse) is a bug.
    /// </summary>
    public bool IsStorageFailure => IsFull || IsInputOutput || IsBusy || IsCorrupt || Primary is raw.SQLITE_NOMEM;

    private int Primary => Code & 0xff;

    /// <summary>The exception for callers, without a path or SQL in its message.</summary>
    public StoreUnavailableException ToUnavailable() => new(
        IsFull ? "The store is full." : IsCorrupt
            ? "The store is damaged."
            : IsBusy
            ? "The store is busy."
            : "The store cannot be read or written.",
        this);
}
