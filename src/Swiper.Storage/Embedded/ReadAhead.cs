using Microsoft.Extensions.Logging;
using Swiper.Storage.Embedded.Sqlite;

namespace Swiper.Storage.Embedded;

/// <summary>
/// The indexes of a data folder that another process still has open and writes, read for the moment at which that hands it over: then only
/// what was written meanwhile is left to be read. The other must note its changes since before the reading
/// (<see cref="EmbeddedStorage.NoteChangesAsync"/>); without its notes what was read is thrown away.
/// </summary>
public sealed class ReadAhead : IDisposable
{
    private readonly EmbeddedIndexes _indexes;
    private readonly IndexReader[] _readers;
    private RowChange[]? _changes;
    private bool _isTaken;

    private ReadAhead(EmbeddedIndexes indexes, IndexReader[] readers) => (_indexes, _readers) = (indexes, readers);

    /// <summary>Two processes must mean the same by their notes.</summary>
    public static int Version => ChangeNotes.Version;

    /// <summary>Reads everything; null if this version does not read such files, or they can't be read.</summary>
    public static ReadAhead? Run(EmbeddedOptions options, TimeProvider clock, ILogger logger)
    {
        IndexReader[]? readers = null;
        EmbeddedIndexes? indexes = null;
        try
        {
            var folder = Path.GetFullPath(options.Folder);
            readers = IndexReader.OpenAll(folder, options.Shards);
            // What a migration makes of the rows nobody has noted.
            if (readers.Any(static reader => reader.Connection.ReadInt64("PRAGMA user_version") != SqliteMigrator.Shard.Newest))
                throw new DataFolderException("the files are of another version");
            indexes = new EmbeddedIndexes(options.Shards, options.CachedProfiles, clock);
            new IndexRebuild(indexes, readers, clock, logger).Run();
            return new ReadAhead(indexes, readers);
        }
        catch (Exception exception)
        {
            // A number of shards that is not that of the folder, a damaged file: whatever it is, the start itself says so.
            StorageLog.NotReadAhead(logger, exception.Message);
            indexes?.Dispose();
            IndexReader.CloseAll(readers ?? []);
            return null;
        }
    }

    /// <summary>What the other process has noted, all of it.</summary>
    public void Accept(ReadOnlySpan<byte> changes) => _changes = ChangeNotes.Of(changes);

    public void Dispose()
    {
        if (!_isTaken)
            _indexes.Dispose();
        IndexReader.CloseAll(_readers);
    }

    /// <summary>
    /// The indexes as the files are now, which are this process's; null if they have to be read anew. Called once.
    /// </summary>
    internal EmbeddedIndexes? Take(ILogger logger)
    {
        if (_changes is null)
        {
            StorageLog.NotReadAhead(logger, "what was written meanwhile is not known");
            return null;
        }
        try
        {
            if (!new IndexUpdate(_indexes, _readers).TryRun(_changes))
            {
                StorageLog.NotReadAhead(logger, "what was written meanwhile can't be told from what was read");
                return null;
            }
        }
        catch (SqliteException failed)
        {
            StorageLog.NotReadAhead(logger, failed.Message);
            return null;
        }
        StorageLog.BroughtUpToDate(logger, _changes.Length);
        _isTaken = true;
        return _indexes;
    }
}
