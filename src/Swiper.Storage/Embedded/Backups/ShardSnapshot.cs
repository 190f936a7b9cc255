using Swiper.Storage.Embedded.Sqlite;

namespace Swiper.Storage.Embedded.Backups;

/// <summary>
/// A shard as it was at one moment, whatever is written to it since: a reader whose transaction stays open. While it does, SQLite can't
/// begin the WAL anew, which grows by all that is committed.
/// </summary>
internal sealed class ShardSnapshot(string file) : IDisposable
{
    private readonly SqliteConnection _source = SqliteConnection.OpenReader(file);

    public string Name => Path.GetFileName(file);

    /// <summary>The size of the file that <see cref="CopyAsync"/> makes.</summary>
    public long Bytes { get; private set; }

    /// <summary>This is the moment: what is committed from now on is not in it.</summary>
    /// <exception cref="SqliteException">The file can't be read.</exception>
    public void Take()
    {
        _source.Execute("BEGIN");
        // A transaction begins with its first read.
        Bytes = _source.ReadInt64("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size");
    }

    /// <summary>Copies it to a new file, which is not synced.</summary>
    /// <param name="copy">The path of the new file.</param>
    /// <param name="rate">How fast.</param>
    /// <param name="copied">Called with the bytes that have been copied since the last call.</param>
    /// <param name="cancellation">Ends it; what there is of the new file is of no use.</param>
    /// <exception cref="SqliteException">The one can't be read, or the other can't be written.</exception>
    public async Task CopyAsync(string copy, CopyRate rate, Action<long> copied, CancellationToken cancellation)
    {
        OwnerOnly.OpenFile(copy, FileMode.CreateNew).Dispose();
        using var target = SqliteConnection.OpenCopy(copy);
        using var pages = new SqliteCopy(_source, target);
        while (true)
        {
            var done = pages.Step(rate.Burst, out var bytes);
            copied(bytes);
            if (done)
                return;
            await rate.SpendAsync(bytes, cancellation).ConfigureAwait(false);
        }
    }

    public void Dispose() => _source.Dispose();
}
