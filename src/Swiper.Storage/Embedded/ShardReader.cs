using Swiper.Storage.Embedded.Sqlite;

namespace Swiper.Storage.Embedded;

/// <summary>The statements of one reading connection.</summary>
internal sealed class ShardReader(SqliteConnection connection)
{
    public SqliteConnection Connection { get; } = connection;

    public SqliteStatement LastPushSeq { get; } = connection.Prepare("SELECT max(seq) FROM pushes WHERE uid = ?1"u8);

    public SqliteStatement PushesAfter { get; } = connection.Prepare(
        "SELECT seq, op, subject, at FROM pushes WHERE uid = ?1 AND seq > ?2 ORDER BY seq"u8);

    public SqliteStatement AllUsers { get; } = connection.Prepare("SELECT uid, sex, birthday, lat, lon, location FROM users"u8);

    public SqliteStatement AllSwipes { get; } = connection.Prepare("SELECT uid, sid, kind, at FROM swiped"u8);

    public SqliteStatement AllRewinds { get; } = connection.Prepare("SELECT uid, last_at FROM rewinds"u8);
}
