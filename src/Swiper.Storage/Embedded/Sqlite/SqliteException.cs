using SQLitePCL;
using Swiper.Core.Dispatch;

namespace Swiper.Storage.Embedded.Sqlite;

/// <summary>SQLite refused something; <see cref="Code"/> is its extended result code.</summary>
internal sealed class SqliteException(int code, string message, string file)
    : Exception($"{Path.GetFileName(file)}: {message} (SQLite {code & 0xff}/{code >> 8})")
{
    /// <summary>The file that the connection was opened on, with its folder.</summary>
    public string File { get; } = file;

    /// <summary>The extended result code; its low byte is the primary code.</summary>
    public int Code { get; } = code;

    /// <summary>The file is damaged, or is no database.</summary>
    public bool IsCorrupt => Primary is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB;

    /// <summary>The disk, or the size that the file is allowed, is used up.</summary>
    public bool IsFull => Primary is raw.SQLITE_FULL;

    /// <summary>Reading or writing failed in the operating system.</summary>
    public bool IsInputOutput => Primary is raw.SQLITE_IOERR or raw.SQLITE_CANTOPEN or raw.SQLITE_READONLY or raw.SQLITE_PERM;

    /// <summary>Another connection holds the lock that this one needs.</summary>
    public bool IsBusy => Primary is raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_PROTOCOL;

    /// <summary>
    /// The store is at fault and the statement is not: the same statement may succeed later. Anything else (a constraint,
    /// a syntax error, misuse) is a mistake in the program.
    /// </summary>
    public bool IsStorageFailure => IsFull || IsInputOutput || IsBusy || IsCorrupt || Primary is raw.SQLITE_NOMEM;

    private int Primary => Code & 0xff;

    /// <summary>What a caller is told: the words hold no path and no SQL.</summary>
    public StoreUnavailableException ToUnavailable() => new(
        IsFull ? "The store is full." : IsCorrupt
            ? "The store is damaged."
            : IsBusy
            ? "The store is busy."
            : "The store cannot be read or written.",
        this);
}
