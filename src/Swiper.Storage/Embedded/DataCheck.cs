using System.Globalization;
using Dapper;
using Microsoft.Data.Sqlite;
using Swiper.Storage.Embedded.Sqlite;
using Swiper.Storage.Sharding;
using DriverConnection = Microsoft.Data.Sqlite.SqliteConnection;

namespace Swiper.Storage.Embedded;

/// <summary>
/// Reads everything in the folder of a stopped embedded engine and tells what can't be: damaged pages, indexes that don't match their
/// tables, values that no host writes, and rows of one table or shard without those of another that belong to them. It changes nothing.
/// </summary>
public static class DataCheck
{
    private const long DayMs = 86_400_000;

    /// <summary>Whose values are checked row by row. The condition is what no host writes.</summary>
    private static readonly (string Table, string Row, string Wrong)[] Values =
    [
        ("users", "uid", "uid <= 0 OR sex NOT IN (0, 1, 2) OR birthday NOT BETWEEN 0 AND 3652058 OR dating_sex NOT IN (0, 1, 2) OR "
            + "abs(coalesce(lat, 0)) > 90 OR abs(coalesce(lon, 0)) > 180 OR (lat IS NULL) <> (lon IS NULL) OR NOT json_valid(avatars) OR "
            + "vip_level NOT BETWEEN 0 AND 3 OR min_age > max_age OR min_distance > max_distance OR only_matched NOT IN (0, 1) OR "
            + "vibration NOT IN (0, 1) OR auto_play NOT IN (0, 1) OR created > @latest OR phone NOT GLOB '+[0-9]*'"),
        ("phones", "phone", "phone NOT GLOB '+[0-9]*' OR uid <= 0"),
        ("swiped", "uid || ' ' || sid", "uid = sid OR kind NOT BETWEEN 1 AND 6 OR at NOT BETWEEN 0 AND @latest"),
        ("friends", "uid || ' ' || fid", "completer NOT IN (uid, fid) OR since NOT BETWEEN 0 AND @latest OR ended < 0"),
        ("pushes", "uid || ' ' || seq", "seq <= 0 OR at NOT BETWEEN 0 AND @latest OR op NOT BETWEEN 700 AND 799 OR "
            + "NOT EXISTS (SELECT 1 FROM push_seqs s WHERE s.uid = pushes.uid AND s.seq >= pushes.seq)"),
        ("blocks", "uid || ' ' || bid", "uid = bid OR since NOT BETWEEN 0 AND @latest"),
        ("former_friends", "uid || ' ' || fid", "uid = fid"),
    ];

    /// <summary>Whose uids must be those of users: the first in its own shard, the second in any.</summary>
    private static readonly (string Table, string Own, string Other)[] References =
    [
        ("swiped", "uid", "sid"), ("friends", "uid", "fid"), ("blocks", "uid", "bid"), ("former_friends", "uid", "fid"),
        ("devices", "uid", "uid"), ("pushes", "uid", "uid"),
    ];

    /// <summary>Checks a folder.</summary>
    /// <param name="folder">The data folder; no host may have it open.</param>
    /// <param name="tell">Called with each problem, one line.</param>
    /// <returns>How many rows were read.</returns>
    /// <exception cref="StorageStartException">The folder is in use, or there are no files of shards in it.</exception>
    public static long Run(string folder, Action<string> tell)
    {
        folder = Path.GetFullPath(folder);
        var files = Enumerable.Range(0, ShardMap.Buckets).Select(shard => Path.Combine(folder, $"shard-{shard}.db"))
            .TakeWhile(File.Exists).ToArray();
        if (files.Length == 0)
            throw new DataFolderException($"There are no files of shards in {folder}.");
        SqliteLibrary.Load();
        using var folderLock = DataFolderLock.Take(folder);
        foreach (var changed in FileSums.FindChanged(folder))
            tell($"{changed}: not as the last process left it ({FileSums.Name})");

        var map = new ShardMap(files.Length);
        var connections = files.Select(Open).ToArray();
        try
        {
            var people = new People();
            foreach (var (shard, connection) in connections.Index())
                Guard(files[shard], tell, tellOfFile => CheckFile(connection, shard, map, people, tellOfFile));
            foreach (var (shard, connection) in connections.Index())
                Guard(files[shard], tell, tellOfFile => CheckReferences(connection, people, tellOfFile));
            people.Check(tell);
            return people.Rows;
        }
        finally
        {
            foreach (var connection in connections)
                connection.Dispose();
        }
    }

    private static DriverConnection Open(string file)
    {
        var connection = new DriverConnection(new SqliteConnectionStringBuilder
        {
            DataSource = file, Mode = SqliteOpenMode.ReadOnly, Pooling = false,
        }.ConnectionString);
        connection.Open();
        return connection;
    }

    // What can't be read is a problem, and no reason not to read on.
    private static void Guard(string file, Action<string> tell, Action<Action<string>> check)
    {
        try
        {
            check(line => tell($"{Path.GetFileName(file)}: {line}"));
        }
        catch (Exception exception) when (exception is Microsoft.Data.Sqlite.SqliteException or FormatException or InvalidCastException)
        {
            tell($"{Path.GetFileName(file)}: can't be read: {exception.Message.ReplaceLineEndings(" ")}");
        }
    }

    private static void CheckFile(DriverConnection connection, int shard, ShardMap map, People people, Action<string> tell)
    {
        // Unlike at start, also whether each index has exactly the rows of its table.
        foreach (var problem in connection.Query<string>("PRAGMA integrity_check(100)").Where(static problem => problem != "ok"))
            tell(problem.ReplaceLineEndings(" "));
        var latest = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() + DayMs;
        foreach (var (table, row, wrong) in Values)
        {
            people.Rows += connection.ExecuteScalar<long>($"SELECT count(*) FROM {table}");
            foreach (var key in connection.Query<string>($"SELECT {row} FROM {table} WHERE {wrong}", new { latest }))
                tell($"{table} {key}: a value that no host writes");
        }

        foreach (var (uid, phone) in connection.Query<(long, string)>("SELECT uid, phone FROM users"))
        {
            people.Users[uid] = phone;
            if (map.ShardOf(uid) != shard)
                tell(Line($"users {uid}: belongs to shard {map.ShardOf(uid)}"));
        }

        foreach (var (phone, uid) in connection.Query<(string, long)>("SELECT phone, uid FROM phones"))
        {
            people.Owners[phone] = uid;
            if (map.ShardOfPhone(phone) != shard)
                tell($"phones {phone}: belongs to shard {map.ShardOfPhone(phone)}");
        }

        people.HasFollowUps |= connection.ExecuteScalar<long>("SELECT count(*) FROM follow_ups") > 0;
        const string Friends = "SELECT uid, fid, since, completer FROM friends WHERE ended = 0";
        foreach (var friend in connection.Query<(long, long, long, long)>(Friends))
            people.Friends.Add(friend);
    }

    private static void CheckReferences(DriverConnection connection, People people, Action<string> tell)
    {
        foreach (var (table, own, other) in References)
        {
            foreach (var (uid, id) in connection.Query<(long, long)>($"SELECT {own}, {other} FROM {table}", buffered: false))
            {
                if (!people.Users.ContainsKey(uid) || !people.Users.ContainsKey(id))
                    tell(Line($"{table} {uid} {id}: one of the two is not a user"));
            }
        }
    }

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>What belongs together across shards.</summary>
    private sealed class People
    {
        public Dictionary<long, string> Users { get; } = [];

        public Dictionary<string, long> Owners { get; } = new(StringComparer.Ordinal);

        public HashSet<(long Uid, long Fid, long Since, long Completer)> Friends { get; } = [];

        public bool HasFollowUps { get; set; }

        public long Rows { get; set; }

        public void Check(Action<string> tell)
        {
            // A number whose user has not been made yet is what a kill may leave; a user without a number is not.
            foreach (var (uid, phone) in Users)
            {
                if (Owners.GetValueOrDefault(phone) != uid)
                    tell(Line($"users {uid}: the number {phone} is not theirs"));
            }

            // Halves that a kill has left unwritten, or a rewind, have follow-ups.
            if (HasFollowUps)
                return;
            foreach (var (uid, fid, since, completer) in Friends)
            {
                if (!Friends.Contains((fid, uid, since, completer)))
                    tell(Line($"friends {uid} {fid}: the other's half differs or is missing"));
            }
        }
    }
}
