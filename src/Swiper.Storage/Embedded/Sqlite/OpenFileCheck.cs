using SQLitePCL;

namespace Swiper.Storage.Embedded.Sqlite;

/// <summary>
/// Notices that a file of a shard was deleted, replaced or cut short while it is open: what is written to it then goes nowhere, and SQLite
/// itself would not say so. It allocates nothing.
/// </summary>
/// <param name="connection">The writer of the shard; used on its thread.</param>
internal sealed class OpenFileCheck(SqliteConnection connection)
{
    /// <summary>How often all files are looked at; the WAL, which grows over what was cut off, before every transaction.</summary>
    private const long EveryMilliseconds = 1000;

    private readonly Seen _file = new(connection.Path, long.MaxValue);
    // SQLite itself cuts a WAL down to this.
    private readonly Seen _wal = new(connection.Path + "-wal", SqliteConnection.WalSizeLimit);
    private readonly Seen _index = new(connection.Path + "-shm", long.MaxValue);
    private SqliteException? _lost;
    private long _next;

    /// <summary>Looks, if it is time. What was lost once is lost for as long as the file is open.</summary>
    /// <exception cref="SqliteException">A file is not what it was: <see cref="SqliteException.IsStorageFailure"/>.</exception>
    public void Verify()
    {
        _lost ??= Find();
        if (_lost is not null)
            throw _lost;
    }

    private SqliteException? Find()
    {
        if (_wal.Look() is { } cut)
            return Lost(_wal, cut);
        var now = Environment.TickCount64;
        if (now < _next)
            return null;
        _next = now + EveryMilliseconds;
        if (connection.HasMoved())
            return Lost(_file, "was deleted or replaced");
        return _file.Look() is { } file ? Lost(_file, file) : _index.Look() is { } index ? Lost(_index, index) : null;
    }

    private static SqliteException Lost(Seen file, string what) => new(
        raw.SQLITE_IOERR, $"it {what} while it was open; stop the host, and put it back or restore the folder from a backup", file.Path);

    private sealed class Seen(string path, long shortest)
    {
        private readonly FileInfo _info = new(path);
        private long _length = -1;

        public string Path => path;

        /// <summary>What has become of it; null if nothing has.</summary>
        public string? Look()
        {
            _info.Refresh();
            if (!_info.Exists)
                return _length < 0 ? null : "was deleted";
            var length = _info.Length;
            if (length < Math.Min(_length, shortest))
                return "was cut short";
            _length = length;
            return null;
        }
    }
}
