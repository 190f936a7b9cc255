using SQLitePCL;
using Swiper.Core.Protocol;
using Swiper.Core.Social;

namespace Swiper.EndToEnd.Running;

/// <summary>What the shard files of a data folder say, read behind the server's back.</summary>
internal sealed class Truth
{
    static Truth() => Batteries_V2.Init();

    /// <summary>Swipes by swiper and target.</summary>
    public Dictionary<(long Uid, long Sid), SwipeKind> Swiped { get; } = [];

    public Dictionary<(long Uid, long Fid), (long Since, long Completer)> Friends { get; } = [];

    /// <summary>The pushes that are kept for each user, by seq.</summary>
    public Dictionary<long, SortedList<long, (Opcode Opcode, long Subject)>> Pushes { get; } = [];

    /// <summary>Reads all shards. The server may run, but must have nothing under way.</summary>
    public static Truth Read(string data)
    {
        var truth = new Truth();
        var files = Directory.GetFiles(data, "*.db", SearchOption.AllDirectories);
        Assert.NotEmpty(files);
        foreach (var file in files)
            truth.ReadShard(file);
        return truth;
    }

    private void ReadShard(string file)
    {
        Check(raw.sqlite3_open_v2(file, out var database, raw.SQLITE_OPEN_READONLY, null), file);
        using (database)
        {
            ForEach(database, "SELECT uid, sid, kind FROM swiped",
                row => Swiped.Add((Int64(row, 0), Int64(row, 1)), (SwipeKind)Int64(row, 2)));
            ForEach(database, "SELECT uid, fid, since, completer FROM friends",
                row => Friends.Add((Int64(row, 0), Int64(row, 1)), (Int64(row, 2), Int64(row, 3))));
            ForEach(database, "SELECT uid, seq, op, subject FROM pushes", row =>
            {
                if (!Pushes.TryGetValue(Int64(row, 0), out var pushes))
                    Pushes.Add(Int64(row, 0), pushes = []);
                pushes.Add(Int64(row, 1), ((Opcode)Int64(row, 2), Int64(row, 3)));
            });
        }
    }

    private static void ForEach(sqlite3 database, string sql, Action<sqlite3_stmt> read)
    {
        Check(raw.sqlite3_prepare_v2(database, sql, out var statement), sql);
        using (statement)
        {
            int result;
            while ((result = raw.sqlite3_step(statement)) == raw.SQLITE_ROW)
                read(statement);
            Assert.Equal(raw.SQLITE_DONE, result);
        }
    }

    private static long Int64(sqlite3_stmt row, int column) => raw.sqlite3_column_int64(row, column);

    private static void Check(int result, string what) => Assert.True(result == raw.SQLITE_OK, $"{what}: SQLite {result}");
}
