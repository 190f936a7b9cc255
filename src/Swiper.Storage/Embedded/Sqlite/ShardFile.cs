using System.Globalization;
using Swiper.Storage.Migrations;

namespace Swiper.Storage.Embedded.Sqlite;

/// <summary>Opens and creates one shard file, and rejects one that isn't what its name says.</summary>
internal static class ShardFile
{
    /// <summary>Whether the file has content; SQLite treats an empty file as a new database.</summary>
    public static bool Exists(string file) => new FileInfo(file) is { Exists: true, Length: > 0 };

    /// <summary>Opens an existing file for writing, checks its pages and migrates it to the newest schema.</summary>
    /// <param name="file">The file.</param>
    /// <param name="shard">The expected shard number.</param>
    /// <param name="shards">The expected number of shards.</param>
    /// <param name="checksPages">Whether to read every page.</param>
    /// <param name="state">How far the creation of the folder got.</param>
    /// <exception cref="DataFolderException">It is damaged, newer, of another program, or another shard.</exception>
    public static SqliteConnection Open(string file, int shard, int shards, bool checksPages, out ShardFileState state)
    {
        var found = ShardFileState.Unfinished;
        var connection = Guard(file, connection =>
        {
            // The indexes are built from every row anyway: better to find a damaged page here, where the file is known.
            var verdict = checksPages ? connection.ReadText("PRAGMA quick_check(1)") : "ok";
            if (verdict != "ok")
                throw new DataFolderException($"The file {file} is damaged ({OneLine(verdict)}); restore it from a backup.");
            SqliteMigrator.Shard.Migrate(connection);
            if (Meta(connection, "shards") is null)
                return;
            Verify(connection, file, shard, shards);
            found = Meta(connection, "in_use") is null ? ShardFileState.Created : ShardFileState.InUse;
        });
        state = found;
        return connection;
    }

    /// <summary>Creates a new file with the newest schema and its number.</summary>
    /// <exception cref="DataFolderException">It can't be written.</exception>
    public static SqliteConnection Create(string file, int shard, int shards)
    {
        Touch(file);
        return Guard(file, connection =>
        {
            SqliteMigrator.Shard.Migrate(connection);
            WriteIdentity(connection, shard, shards);
        });
    }

    /// <summary>Records which shard the file is.</summary>
    public static void WriteIdentity(SqliteConnection connection, int shard, int shards) => connection.Execute(
        string.Create(CultureInfo.InvariantCulture, $"INSERT INTO meta (key, value) VALUES ('shard', '{shard}'), ('shards', '{shards}')"));

    /// <summary>Records that all files of the folder exist, so that one missing later was lost.</summary>
    public static void MarkInUse(SqliteConnection connection) =>
        connection.Execute("INSERT OR REPLACE INTO meta (key, value) VALUES ('in_use', '1')");

    /// <summary>The operator's message for a SQLite error.</summary>
    public static DataFolderException Explain(SqliteException exception) => new(
        exception.IsCorrupt ? $"The file {exception.File} is damaged or not a database; restore it from a backup."
            : exception.IsBusy ? $"The file {exception.File} is open in another program."
            : exception.IsFull ? $"There is no space left for the file {exception.File}."
            : $"The file {exception.File} can't be opened: {OneLine(exception.Message)}.",
        exception);

    private static SqliteConnection Guard(string file, Action<SqliteConnection> prepare)
    {
        SqliteConnection? connection = null;
        try
        {
            connection = SqliteConnection.OpenWriter(file);
            prepare(connection);
            return connection;
        }
        catch (Exception exception)
        {
            connection?.Dispose();
            if (exception is SqliteException sqlite)
                throw Explain(sqlite);
            if (exception is SchemaException)
                throw new DataFolderException($"The file {file} can't be used: {exception.Message}.", exception);
            throw;
        }
    }

    private static void Verify(SqliteConnection connection, string file, int shard, int shards)
    {
        var storedShards = Meta(connection, "shards");
        if (storedShards != shards.ToString(CultureInfo.InvariantCulture))
        {
            throw new DataFolderException(
                $"The data folder {Path.GetDirectoryName(file)} was created with {storedShards} shards but is configured with {shards}; "
                + "the number can't be changed.");
        }

        var storedShard = Meta(connection, "shard");
        if (storedShard != shard.ToString(CultureInfo.InvariantCulture))
            throw new DataFolderException($"The file {file} contains shard {storedShard}; it was renamed or copied.");
    }

    private static string? Meta(SqliteConnection connection, string key) =>
        connection.ReadText($"SELECT value FROM meta WHERE key = '{key}'");

    private static void Touch(string file)
    {
        try
        {
            // SQLite gives the WAL and shared-memory files the same mode, even in a folder that others may enter.
            using var created = OwnerOnly.OpenFile(file, FileMode.OpenOrCreate);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DataFolderException($"The file {file} can't be created: {exception.Message}", exception);
        }
    }

    private static string OneLine(string? text) => (text ?? "").ReplaceLineEndings(" ").Trim();
}
