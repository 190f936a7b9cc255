using System.Globalization;
using Dapper;

namespace Swiper.Storage.Records;

/// <summary>
/// The few statements that SQLite and MySQL word differently. Everything else is written in the SQL that both understand. The parameters
/// of a generated statement are named after its columns: <c>@LockedUntil</c> for <c>locked_until</c>.
/// </summary>
internal abstract class SqlDialect
{
    public static readonly SqlDialect Sqlite = new SqliteDialect();
    public static readonly SqlDialect MySql = new MySqlDialect();

    // Columns are named in snake case, properties in Pascal case.
    static SqlDialect() => DefaultTypeMap.MatchNamesWithUnderscores = true;

    /// <summary>
    /// Ends a SELECT whose rows stay as they are until the transaction ends. A shard of the embedded engine has only one writer.
    /// </summary>
    public abstract string ForUpdate { get; }

    /// <summary>The id that the last INSERT of the connection was given by the server.</summary>
    public abstract string LastInsertedId { get; }

    /// <summary>Inserts a row unless its key is taken; returns the number of rows inserted.</summary>
    public string InsertIfAbsent(string table, params ReadOnlySpan<string> columns) =>
        Insert(table, columns) + OnTaken(columns[0]);

    /// <summary>Inserts a row, or overwrites the one with the same key.</summary>
    /// <param name="table">The table.</param>
    /// <param name="key">Its primary key, which must not have any other unique column.</param>
    /// <param name="columns">The columns after the key.</param>
    public string Upsert(string table, string key, params ReadOnlySpan<string> columns)
    {
        var assignments = columns.ToArray().Select(column => $"{column} = {Parameter(column)}");
        return Insert(table, [.. key.Split(", "), .. columns]) + OnTaken(key, string.Join(", ", assignments));
    }

    protected abstract string OnTaken(string firstKeyColumn);

    protected abstract string OnTaken(string key, string assignments);

    private static string Insert(string table, ReadOnlySpan<string> columns)
    {
        var names = columns.ToArray();
        return $"INSERT INTO {table} ({string.Join(", ", names)}) VALUES ({string.Join(", ", names.Select(Parameter))})";
    }

    private static string Parameter(string column) =>
        "@" + CultureInfo.InvariantCulture.TextInfo.ToTitleCase(column.Replace('_', ' ')).Replace(" ", "", StringComparison.Ordinal);

    private sealed class SqliteDialect : SqlDialect
    {
        public override string ForUpdate => "";

        public override string LastInsertedId => "last_insert_rowid()";

        protected override string OnTaken(string firstKeyColumn) => " ON CONFLICT DO NOTHING";

        protected override string OnTaken(string key, string assignments) => $" ON CONFLICT ({key}) DO UPDATE SET {assignments}";
    }

    private sealed class MySqlDialect : SqlDialect
    {
        public override string ForUpdate => " FOR UPDATE";

        public override string LastInsertedId => "LAST_INSERT_ID()";

        // Not INSERT IGNORE, which hides other errors as well.
        protected override string OnTaken(string firstKeyColumn) => $" ON DUPLICATE KEY UPDATE {firstKeyColumn} = {firstKeyColumn}";

        protected override string OnTaken(string key, string assignments) => $" ON DUPLICATE KEY UPDATE {assignments}";
    }
}
