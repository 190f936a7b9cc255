using SQLitePCL;

namespace Swiper.Storage.Embedded.Sqlite;

/// <summary>
/// SQLite's online backup of one connection's database into another's, some pages at a time. If a transaction of the source is open, all
/// pages are of its moment; otherwise a commit in between has it begin anew.
/// </summary>
internal sealed class SqliteCopy : IDisposable
{
    private readonly SqliteConnection _target;
    private readonly sqlite3_backup _backup;
    private readonly long _pageSize;
    private long _copied;

    /// <exception cref="SqliteException">One of them is in use otherwise.</exception>
    public SqliteCopy(SqliteConnection source, SqliteConnection target)
    {
        _target = target;
        _pageSize = source.ReadInt64("PRAGMA page_size");
        _backup = raw.sqlite3_backup_init(target.Handle, "main", source.Handle, "main");
        if (_backup.IsInvalid)
            target.Throw(raw.sqlite3_errcode(target.Handle));
    }

    /// <summary>Copies up to <paramref name="most"/> bytes, and at least a page; true if those were the last.</summary>
    /// <exception cref="SqliteException">The one can't be read, or the other can't be written.</exception>
    public bool Step(int most, out long bytes)
    {
        var code = raw.sqlite3_backup_step(_backup, (int)Math.Max(1, most / _pageSize));
        if (code is not (raw.SQLITE_OK or raw.SQLITE_DONE))
            throw new SqliteException(code, raw.sqlite3_errstr(code).utf8_to_string(), _target.Path);
        var copied = (raw.sqlite3_backup_pagecount(_backup) - raw.sqlite3_backup_remaining(_backup)) * _pageSize;
        bytes = copied - _copied;
        _copied = copied;
        return code == raw.SQLITE_DONE;
    }

    public void Dispose() => _backup.Dispose();
}
