using Swiper.Storage.Embedded.Social;
using Swiper.Storage.Embedded.Sqlite;

namespace Swiper.Storage.Embedded;

/// <summary>The statements that a shard's lane writes with, and the swipes of the current batch so far.</summary>
internal sealed class ShardWriter(SqliteConnection connection, EmbeddedShard shard, HashSet<(int Swiper, int Target)> takenBack)
    : SqliteShardWriter(connection)
{
    public EmbeddedShard Shard { get; } = shard;

    /// <summary>The swipes of the current batch by swiper and target slot: not committed yet, but repeats must be detected.</summary>
    public Dictionary<(int Swiper, int Target), SwipeOperation> Staged { get; } = [];

    /// <summary>The likes of the current batch by swiper and day.</summary>
    public Dictionary<(int Swiper, int Day), int> StagedLikes { get; } = [];

    /// <summary>Swipes that were taken back but whose row is still there, by swiper and target slot.</summary>
    public HashSet<(int Swiper, int Target)> TakenBack { get; } = takenBack;

    public SqliteStatement InsertSwiped { get; } = connection.Prepare("INSERT INTO swiped (uid, sid, kind, at) VALUES (?1, ?2, ?3, ?4)"u8);

    public SqliteStatement PutAhead { get; } = connection.Prepare(
        """
        INSERT INTO rewinds (uid, day, used, made_at, likes) VALUES (?1, 0, 0, ?2, ?3)
            ON CONFLICT (uid) DO UPDATE SET made_at = excluded.made_at, likes = excluded.likes
        """u8);

    /// <summary>Finds the friendship that a swipe made, which is as old as the swipe.</summary>
    public SqliteStatement FindCompleter { get; } = connection.Prepare(
        """
        SELECT 1 FROM swiped s JOIN friends f ON f.uid = s.uid AND f.fid = s.sid AND f.completer = s.uid AND f.since = s.at
        WHERE s.uid = ?1 AND s.sid = ?2
        """u8);

    public SqliteStatement InsertFriend { get; } = connection.Prepare(
        "INSERT OR IGNORE INTO friends (uid, fid, since, completer) VALUES (?1, ?2, ?3, ?4)"u8);

    public SqliteStatement NextPushSeq { get; } = connection.Prepare(
        "INSERT INTO push_seqs (uid, seq) VALUES (?1, 1) ON CONFLICT (uid) DO UPDATE SET seq = seq + 1 RETURNING seq"u8);

    public SqliteStatement FindPush { get; } =
        connection.Prepare("SELECT 1 FROM pushes WHERE uid = ?1 AND op = ?2 AND subject = ?3 AND at = ?4"u8);

    public SqliteStatement InsertPush { get; } =
        connection.Prepare("INSERT INTO pushes (uid, seq, op, subject, at) VALUES (?1, ?2, ?3, ?4, ?5)"u8);

    public SqliteStatement InsertFollowUp { get; } =
        connection.Prepare("INSERT INTO follow_ups (kind, uid, payload, due, attempts) VALUES (?1, ?2, ?3, ?4, 0)"u8);

    public SqliteStatement DeleteFollowUp { get; } = connection.Prepare("DELETE FROM follow_ups WHERE id = ?1"u8);

    /// <summary>Whom the swiper swiped last in the current batch.</summary>
    public int? LastStagedBy(int swiper)
    {
        // In the order in which they were added: nothing is ever removed.
        int? last = null;
        foreach (var (by, target) in Staged.Keys)
        {
            if (by == swiper)
                last = target;
        }
        return last;
    }
}
