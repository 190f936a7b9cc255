using Swiper.Storage.Embedded.Social;
using Swiper.Storage.Embedded.Sqlite;

namespace Swiper.Storage.Embedded;

/// <summary>The statements that a shard's lane writes with, and the swipes of the current batch so far.</summary>
internal sealed class ShardWriter(SqliteConnection connection, EmbeddedShard shard) : SqliteShardWriter(connection)
{
    public EmbeddedShard Shard { get; } = shard;

    /// <summary>The swipes of the current batch by swiper and target slot: not committed yet, but repeats must be detected.</summary>
    public Dictionary<(int Swiper, int Target), SwipeOperation> Staged { get; } = [];

    public SqliteStatement InsertSwiped { get; } = connection.Prepare("INSERT INTO swiped (uid, sid, kind, at) VALUES (?1, ?2, ?3, ?4)"u8);

    public SqliteStatement FindCompleter { get; } = connection.Prepare("SELECT completer FROM friends WHERE uid = ?1 AND fid = ?2"u8);

    public SqliteStatement InsertFriend { get; } = connection.Prepare(
        "INSERT OR IGNORE INTO friends (uid, fid, since, completer) VALUES (?1, ?2, ?3, ?4)"u8);

    public SqliteStatement LastPushSeq { get; } = connection.Prepare("SELECT max(seq) FROM pushes WHERE uid = ?1"u8);

    public SqliteStatement FindPush { get; } =
        connection.Prepare("SELECT 1 FROM pushes WHERE uid = ?1 AND op = ?2 AND subject = ?3 AND at = ?4"u8);

    public SqliteStatement InsertPush { get; } =
        connection.Prepare("INSERT INTO pushes (uid, seq, op, subject, at) VALUES (?1, ?2, ?3, ?4, ?5)"u8);

    public SqliteStatement PrunePushes { get; } = connection.Prepare("DELETE FROM pushes WHERE uid = ?1 AND seq <= ?2"u8);

    public SqliteStatement FindCode { get; } = connection.Prepare(
        "SELECT code, sent_at, tries, locked_until, sent FROM codes WHERE phone = ?1"u8);

    public SqliteStatement PutCode { get; } = connection.Prepare(
        "INSERT OR REPLACE INTO codes (phone, code, sent_at, tries, locked_until, sent) VALUES (?1, '', ?2, ?3, ?4, ?5)"u8);

    public SqliteStatement DeleteCode { get; } = connection.Prepare("DELETE FROM codes WHERE phone = ?1"u8);

    public SqliteStatement FindPhone { get; } = connection.Prepare("SELECT uid FROM phones WHERE phone = ?1"u8);

    public SqliteStatement InsertPhone { get; } = connection.Prepare("INSERT INTO phones (phone, uid) VALUES (?1, ?2)"u8);

    public SqliteStatement FindUser { get; } = connection.Prepare(UserRow.Select);

    public SqliteStatement PutUser { get; } = connection.Prepare(UserRow.Replace);

    public SqliteStatement PruneRevoked { get; } = connection.Prepare("DELETE FROM revoked WHERE expires <= ?1"u8);

    public SqliteStatement PruneCodes { get; } = connection.Prepare("DELETE FROM codes WHERE sent_at < ?1 OR sent_at > ?2"u8);

    public SqliteStatement InsertRevoked { get; } =
        connection.Prepare("INSERT OR IGNORE INTO revoked (token, uid, expires) VALUES (?1, ?2, ?3)"u8);
}
