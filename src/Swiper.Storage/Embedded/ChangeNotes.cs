using System.Runtime.InteropServices;
using Swiper.Storage.Embedded.Sqlite;
using Swiper.Storage.Records;

namespace Swiper.Storage.Embedded;

/// <summary>What a row that has changed is about.</summary>
internal enum ChangedRow : long
{
    User = 1,
    Activity = 2,
    Block = 3,
    Swipe = 4,
    Rewinds = 5,
    FormerFriends = 6,
}

/// <summary>A row that was written, by its key; what it says now is in the file.</summary>
/// <param name="Row">Of which table.</param>
/// <param name="Uid">Whose.</param>
/// <param name="Other">The other user of a block, a former friendship or a swipe; else 0.</param>
/// <param name="At">When a swipe was made, by the row before or after; else 0.</param>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
internal readonly record struct RowChange(ChangedRow Row, long Uid, long Other, long At);

/// <summary>
/// Notes which rows are written of all that the indexes hold, while another process reads the same files to take the place of this one.
/// Triggers do so, so nothing that writes has to think of it, and what is rolled back is not noted. They are temporary: of the writer's
/// connection, and in memory.
/// </summary>
internal static class ChangeNotes
{
    /// <summary>Grows with every table that the indexes read.</summary>
    public const int Version = 2;

    /// <summary>To apply more takes longer than to read everything.</summary>
    public const int Most = 500_000;

    private const string Forget = "DROP TABLE IF EXISTS temp.changed;";

    private static readonly string Note =
        Forget
        + "CREATE TEMP TABLE changed (row INTEGER, uid INTEGER, other INTEGER, at INTEGER, PRIMARY KEY (row, uid, other, at))"
        + " WITHOUT ROWID;"
        + TriggersOf("users", ChangedRow.User, "0", "0")
        + TriggersOf("activity", ChangedRow.Activity, "0", "0")
        + TriggersOf("blocks", ChangedRow.Block, "{0}.bid", "0")
        + TriggersOf("former_friends", ChangedRow.FormerFriends, "{0}.fid", "0")
        + TriggersOf("swiped", ChangedRow.Swipe, "{0}.sid", "{0}.at")
        + TriggersOf("rewinds", ChangedRow.Rewinds, "0", "0");

    /// <summary>Begins anew, in every shard; returns when all that is committed from then on is noted.</summary>
    public static Task BeginAsync(IRecords records) => Task.WhenAll(records.ShardKeys.Select(async shard =>
    {
        await EndAsync(records, shard).ConfigureAwait(false);
        await records.RunAsync(shard, static session => session.ExecuteOnceAsync(Note)).ConfigureAwait(false);
    }));

    /// <summary>Ends it: nobody wants to know.</summary>
    public static Task EndAsync(IRecords records) => Task.WhenAll(records.ShardKeys.Select(shard => EndAsync(records, shard)));

    /// <summary>What was noted; null if that was not all the time, or is too much.</summary>
    /// <param name="writers">The writing connections, after their last transaction.</param>
    public static byte[]? Read(IEnumerable<SqliteConnection> writers)
    {
        var changes = new List<RowChange>();
        foreach (var writer in writers)
        {
            if (writer.ReadText("SELECT 1 FROM temp.sqlite_master WHERE name = 'changed'") is null)
                return null;
            var rows = writer.Prepare("SELECT row, uid, other, at FROM temp.changed"u8);
            while (rows.Step())
            {
                if (changes.Count == Most)
                    return null;
                changes.Add(new RowChange((ChangedRow)rows.Int64(0), rows.Int64(1), rows.Int64(2), rows.Int64(3)));
            }
        }
        return MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(changes)).ToArray();
    }

    /// <summary>Those that <see cref="Read"/> answered in another process.</summary>
    public static RowChange[] Of(ReadOnlySpan<byte> bytes) => MemoryMarshal.Cast<byte, RowChange>(bytes).ToArray();

    // The triggers of a temporary table's rows go with the connection, not with the table.
    private static async Task EndAsync(IRecords records, long shard) => await records.RunAsync(shard, static async session =>
    {
        var triggers = await session.ReadAsync<string>("SELECT name FROM temp.sqlite_master WHERE type = 'trigger'").ConfigureAwait(false);
        foreach (var trigger in triggers)
            await session.ExecuteOnceAsync($"DROP TRIGGER temp.{trigger}").ConfigureAwait(false);
        return await session.ExecuteOnceAsync(Forget).ConfigureAwait(false);
    }).ConfigureAwait(false);

    // A row may be noted twice, and a conflict in a trigger would be resolved as the statement that fired it says.
    private static string TriggersOf(string table, ChangedRow row, string other, string at)
    {
        return Trigger("INSERT", "NEW") + Trigger("UPDATE", "OLD", "NEW") + Trigger("DELETE", "OLD");

        string Trigger(string change, params string[] sides) =>
            $"CREATE TEMP TRIGGER note_{table}_{change} AFTER {change} ON main.{table} BEGIN "
            + string.Concat(sides.Select(side =>
                $"""
                INSERT INTO changed SELECT {(long)row}, {side}.uid, {Of(other, side)}, {Of(at, side)} WHERE NOT EXISTS
                (SELECT 1 FROM changed WHERE row = {(long)row} AND uid = {side}.uid AND other = {Of(other, side)} AND at = {Of(at, side)});
                """))
            + "END;";

        static string Of(string column, string side) => column.Replace("{0}", side, StringComparison.Ordinal);
    }
}
