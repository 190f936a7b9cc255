using Swiper.Storage.Embedded.Sqlite;

namespace Swiper.Storage.Embedded;

/// <summary>What the indexes read of a shard's file; used by one thread at a time.</summary>
internal sealed class IndexReader(SqliteConnection connection) : IDisposable
{
    public SqliteConnection Connection { get; } = connection;

    public SqliteStatement AllUsers { get; } = connection.Prepare("SELECT uid, sex, birthday, lat, lon, location FROM users"u8);

    public SqliteStatement AllActivity { get; } = connection.Prepare("SELECT uid, at FROM activity"u8);

    public SqliteStatement AllBlocks { get; } = connection.Prepare("SELECT uid, bid FROM blocks"u8);

    public SqliteStatement AllFormerFriends { get; } = connection.Prepare("SELECT uid, fid FROM former_friends"u8);

    public SqliteStatement AllSwipes { get; } = connection.Prepare("SELECT uid, sid, kind, at FROM swiped"u8);

    public SqliteStatement AllRewinds { get; } = connection.Prepare("SELECT uid, last_at, made_at, likes FROM rewinds"u8);

    public SqliteStatement User { get; } = connection.Prepare(
        "SELECT uid, sex, birthday, lat, lon, location FROM users WHERE uid = ?1"u8);

    public SqliteStatement Activity { get; } = connection.Prepare("SELECT at FROM activity WHERE uid = ?1"u8);

    public SqliteStatement Block { get; } = connection.Prepare("SELECT 1 FROM blocks WHERE uid = ?1 AND bid = ?2"u8);

    public SqliteStatement FormerFriend { get; } = connection.Prepare("SELECT 1 FROM former_friends WHERE uid = ?1 AND fid = ?2"u8);

    public SqliteStatement Swipe { get; } = connection.Prepare("SELECT kind, at FROM swiped WHERE uid = ?1 AND sid = ?2"u8);

    public SqliteStatement SwipesOf { get; } = connection.Prepare("SELECT uid, sid, kind, at FROM swiped WHERE uid = ?1"u8);

    public SqliteStatement RewindsOf { get; } = connection.Prepare("SELECT uid, last_at, made_at, likes FROM rewinds WHERE uid = ?1"u8);

    /// <summary>Opens a reader of each shard.</summary>
    /// <exception cref="SqliteException">A file can't be opened, or has not the tables of this version.</exception>
    public static IndexReader[] OpenAll(string folder, int shards)
    {
        var readers = new IndexReader?[shards];
        try
        {
            for (var shard = 0; shard < shards; shard++)
            {
                var connection = SqliteConnection.OpenReader(DataFolder.FileOf(folder, shard));
                try
                {
                    readers[shard] = new IndexReader(connection);
                }
                catch
                {
                    connection.Dispose();
                    throw;
                }
            }
            return readers!;
        }
        catch
        {
            CloseAll(readers);
            throw;
        }
    }

    public static void CloseAll(IEnumerable<IndexReader?> readers)
    {
        foreach (var reader in readers)
            reader?.Dispose();
    }

    public void Dispose() => Connection.Dispose();
}
