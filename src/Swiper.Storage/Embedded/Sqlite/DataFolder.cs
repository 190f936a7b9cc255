using Swiper.Core.Dispatch;

namespace Swiper.Storage.Embedded.Sqlite;

/// <summary>
/// The folder of the embedded engine: a lock and one SQLite file per shard, checked, migrated and open for writing. Exclusive to this
/// process until disposed.
/// </summary>
internal sealed class DataFolder : IDisposable
{
    /// <summary>
    /// There while a process has the folder open, and after one that was killed: then each shard's WAL must still be there, too, because
    /// it holds what was committed last.
    /// </summary>
    public const string OpenMarker = "swiper.open";

    /// <summary>Where a restored backup is until all of it is there; what an interrupted one has left is no data.</summary>
    public const string Restoring = "restoring";

    private readonly DataFolderLock _lock;
    private readonly SqliteConnection[] _writers;
    private volatile bool _isHandedOver;

    private DataFolder(string path, DataFolderLock folderLock, SqliteConnection[] writers)
    {
        Path = path;
        _lock = folderLock;
        _writers = writers;
    }

    public string Path { get; }

    public int ShardCount => _writers.Length;

    /// <summary>Opens the folder; creates it (readable by its owner only) and its files if missing.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="shards">The number of shards, which is fixed when the folder is created.</param>
    /// <param name="isHandedOver">Another process has just closed it: nothing looks for damage.</param>
    /// <exception cref="DataFolderException">
    /// It is in use, not writable, has another number of shards, or a file is missing, damaged, newer or of another program.
    /// </exception>
    public static DataFolder Open(string path, int shards, bool isHandedOver = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(shards, 1);
        SqliteLibrary.RequireSafe();
        path = System.IO.Path.GetFullPath(path);
        Create(path);
        var folderLock = DataFolderLock.Take(path);
        try
        {
            RequireRestored(path);
            RequireWals(path, shards);
            // Before they are opened; after a kill they are not what the last sums were of.
            var changed = isHandedOver || File.Exists(MarkerOf(path)) ? [] : FileSums.FindChanged(path);
            var writers = OpenFiles(path, shards, changed, checksPages: !isHandedOver);
            File.WriteAllText(MarkerOf(path), "");
            TryDelete(System.IO.Path.Combine(path, FileSums.Name));
            return new DataFolder(path, folderLock, writers);
        }
        catch
        {
            folderLock.Dispose();
            throw;
        }
    }

    /// <summary>The file of a shard.</summary>
    public string FileOf(int shard) => FileOf(Path, shard);

    /// <summary>The only writing connection of a shard, for its lane; the folder disposes it.</summary>
    public SqliteConnection WriterOf(int shard) => _writers[shard];

    /// <summary>Opens <paramref name="size"/> readers of a shard; the caller disposes them before the folder.</summary>
    /// <exception cref="StoreUnavailableException">The file can't be opened now.</exception>
    public SqliteReaders<TReader> OpenReaders<TReader>(int shard, int size, Func<SqliteConnection, TReader> prepare)
    {
        try
        {
            return new SqliteReaders<TReader>(FileOf(shard), size, prepare);
        }
        catch (SqliteException exception) when (exception.IsStorageFailure)
        {
            throw exception.ToUnavailable();
        }
    }

    /// <summary>Leaves no sums: another process opens the folder at once.</summary>
    public void HandOver() => _isHandedOver = true;

    public void Dispose()
    {
        // First: with a writer goes its WAL, and a process that is killed in between must not seem to have lost it.
        TryDelete(MarkerOf(Path));
        foreach (var writer in _writers)
            writer.Dispose();
        if (!_isHandedOver)
            TryWriteSums();
        // Last: the next holder of the lock may open the files.
        _lock.Dispose();
    }

    private void TryWriteSums()
    {
        var files = Enumerable.Range(0, ShardCount).Select(FileOf).ToArray();
        // A reader that did not come back has kept a file open, which is not final then.
        if (files.Any(static file => !File.Exists(file) || File.Exists(file + "-wal")))
            return;
        try
        {
            FileSums.Write(Path, files);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or AggregateException)
        {
            // A full disk: the next start has nothing to compare with.
        }
    }

    private static void RequireRestored(string folder)
    {
        if (Directory.Exists(System.IO.Path.Combine(folder, Restoring)))
            throw new DataFolderException($"A restore into {folder} has not ended; run it again on an empty folder.");
    }

    private static string MarkerOf(string folder) => System.IO.Path.Combine(folder, OpenMarker);

    private static void RequireWals(string folder, int shards)
    {
        if (!File.Exists(MarkerOf(folder)))
            return;
        for (var shard = 0; shard < shards; shard++)
        {
            var file = FileOf(folder, shard);
            if (File.Exists(file + "-wal"))
                continue;
            var missing = ShardFile.Exists(file) ? file + "-wal" : file;
            throw new DataFolderException(
                $"The file {missing} is missing, though the last process was killed and must have left it, with what it committed last; "
                + $"put it back, or restore the folder from a backup and delete {OpenMarker} in it.");
        }
    }

    private static void TryDelete(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The next start looks for WALs that are gone, and says what to do.
        }
    }

    /// <summary>The file of a shard in a folder.</summary>
    public static string FileOf(string folder, int shard) => System.IO.Path.Combine(folder, $"shard-{shard}.db");

    private static void Create(string path)
    {
        try
        {
            OwnerOnly.CreateFolder(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DataFolderException($"The data folder {path} can't be created: {exception.Message}", exception);
        }
    }

    private static SqliteConnection[] OpenFiles(string folder, int shards, IReadOnlyList<string> changed, bool checksPages)
    {
        var writers = new SqliteConnection?[shards];
        try
        {
            // 1. Check what exists before creating anything, so that a wrong setting changes nothing.
            var states = new ShardFileState[shards];
            for (var shard = 0; shard < shards; shard++)
            {
                var file = FileOf(folder, shard);
                if (ShardFile.Exists(file))
                    writers[shard] = ShardFile.Open(file, shard, shards, checksPages, out states[shard]);
            }

            // 2. Create files only in a folder that was never complete: in any other a missing file was lost.
            var inUse = states.Contains(ShardFileState.InUse);
            for (var shard = 0; shard < shards; shard++)
            {
                if (states[shard] != ShardFileState.Unfinished)
                    continue;
                var file = FileOf(folder, shard);
                if (inUse)
                    throw new DataFolderException(
                        $"The file {file} is missing or empty while other files in the folder hold data; restore it from a backup.");
                if (changed.Contains(System.IO.Path.GetFileName(file)))
                    throw new DataFolderException(
                        $"The file {file} is missing or empty, though the last process left it; restore it from a backup.");
                if (writers[shard] is { } begun)
                    ShardFile.WriteIdentity(begun, shard, shards);
                else
                    writers[shard] = ShardFile.Create(file, shard, shards);
            }

            if (changed.Count > 0)
            {
                throw new DataFolderException(
                    $"The file {System.IO.Path.Combine(folder, changed[0])} is not as the last process left it ({FileSums.Name}): it is "
                    + $"damaged, or something else wrote it. Restore it from a backup; to take it as it is, delete {FileSums.Name}.");
            }

            // 3. All files are complete now.
            for (var shard = 0; shard < shards; shard++)
            {
                if (states[shard] != ShardFileState.InUse)
                    ShardFile.MarkInUse(writers[shard]!);
            }

            return writers!;
        }
        catch (Exception exception)
        {
            foreach (var writer in writers)
                writer?.Dispose();
            if (exception is SqliteException sqlite)
                throw ShardFile.Explain(sqlite);
            throw;
        }
    }
}
