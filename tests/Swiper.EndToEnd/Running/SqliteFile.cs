using SQLitePCL;

namespace Swiper.EndToEnd.Running;

/// <summary>Reads a shard file of the embedded engine.</summary>
internal static class SqliteFile
{
    static SqliteFile() => Batteries_V2.Init();

    /// <summary>The rows of a query, all of whose columns are numbers.</summary>
    public static List<long[]> Query(string file, string sql)
    {
        var rows = new List<long[]>();
        Check(raw.sqlite3_open_v2(file, out var database, raw.SQLITE_OPEN_READONLY, null), file);
        using (database)
        {
            Check(raw.sqlite3_prepare_v2(database, sql, out var statement), sql);
            using (statement)
            {
                int result;
                while ((result = raw.sqlite3_step(statement)) == raw.SQLITE_ROW)
                    rows.Add(Row(statement));
                Assert.Equal(raw.SQLITE_DONE, result);
            }
        }
        return rows;
    }

    private static long[] Row(sqlite3_stmt statement)
    {
        var row = new long[raw.sqlite3_column_count(statement)];
        for (var column = 0; column < row.Length; column++)
            row[column] = raw.sqlite3_column_int64(statement, column);
        return row;
    }

    private static void Check(int result, string what) => Assert.True(result == raw.SQLITE_OK, $"{what}: SQLite {result}");
}
