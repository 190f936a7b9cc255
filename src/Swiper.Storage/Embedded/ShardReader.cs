using Swiper.Storage.Embedded.Sqlite;

namespace Swiper.Storage.Embedded;

/// <summary>The statements of one reading connection.</summary>
internal sealed class ShardReader(SqliteConnection connection)
{
    public SqliteStatement FindUser { get; } = connection.Prepare(UserRow.Select);

    public SqliteStatement AreFriends { get; } = connection.Prepare("SELECT 1 FROM friends WHERE uid = ?1 AND fid = ?2"u8);

    public SqliteStatement FindFriend { get; } = connection.Prepare("SELECT since, completer FROM friends WHERE uid = ?1 AND fid = ?2"u8);

    public SqliteStatement FindSwipe { get; } = connection.Prepare("SELECT at FROM swiped WHERE uid = ?1 AND sid = ?2"u8);

    public SqliteStatement LastPushSeq { get; } = connection.Prepare("SELECT max(seq) FROM pushes WHERE uid = ?1"u8);

    public SqliteStatement PushesAfter { get; } = connection.Prepare(
        "SELECT seq, op, subject, at FROM pushes WHERE uid = ?1 AND seq > ?2 ORDER BY seq"u8);

    public SqliteStatement FindPush { get; } = connection.Prepare(
        "SELECT 1 FROM pushes WHERE uid = ?1 AND op = ?2 AND subject = ?3 AND at = ?4"u8);

    public SqliteStatement OldestPush { get; } = connection.Prepare("SELECT seq, at FROM pushes WHERE uid = ?1 ORDER BY seq LIMIT 1"u8);

    public SqliteStatement AllUsers { get; } = connection.Prepare("SELECT uid, sex, birthday, lat, lon, location FROM users"u8);

    public SqliteStatement AllSwipes { get; } = connection.Prepare("SELECT uid, sid, kind, at FROM swiped"u8);

    public SqliteStatement AllRevoked { get; } = connection.Prepare("SELECT token, expires FROM revoked"u8);
}
