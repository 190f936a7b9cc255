using System.Data.Common;
using System.Globalization;
using Swiper.Storage.Migrations;

namespace Swiper.Storage.MySql;

/// <summary>
/// Migrates a shard's database to the newest schema, one host at a time. MySQL commits each DDL statement by itself, so a step records
/// when it begins; an interrupted step is run again, skipping what it finds done already. Statements that change rows must therefore be
/// idempotent.
/// </summary>
/// <param name="scripts">All steps.</param>
/// <param name="oldest">The oldest schema whose hosts can use a database of the newest one.</param>
internal sealed class MySqlMigrator(IReadOnlyList<MigrationScript> scripts, int oldest)
{
    // One host may be migrating a large table while the others start.
    private static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    // A hash, because lock names are server-wide and at most 64 characters.
    private const string LockName = "concat('swiper ', sha1(database()))";

    private const string VersionsTable =
        """
        CREATE TABLE IF NOT EXISTS schema_versions (
            version INT          NOT NULL PRIMARY KEY,
            name    VARCHAR(255) NOT NULL,
            applied BIGINT       NOT NULL
        ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
        """;

    /// <summary>The migrator of the shards' databases.</summary>
    public static MySqlMigrator Shard { get; } = new(MigrationScript.Of("MySql"), PreviousRelease.MySql);

    public int Newest => scripts.Count;

    /// <summary>Applies what is missing, and makes a new database shard <c>server.Number</c> of <paramref name="shards"/>.</summary>
    /// <exception cref="SchemaException">It is too new, of another program, or another shard; the message names the server.</exception>
    /// <exception cref="DbException">The server can't be reached or reports an error.</exception>
    public void Migrate(ShardServer server, int shards)
    {
        using var connection = server.Connect(Patience);
        try
        {
            if (connection.ScalarText("SELECT database()") is null)
                throw new SchemaException("the connection string names no database");
            TakeLock(connection);
            Migrate(connection);
            CheckIdentity(connection, server.Number, shards);
        }
        catch (SchemaException exception)
        {
            throw new SchemaException($"shard {server.Number} ({server.Name}): {exception.Message}");
        }
    }

    private static void TakeLock(ShardConnection connection)
    {
        // The lock ends with the connection, even if this host is killed.
        if (connection.ScalarInt64($"SELECT get_lock({LockName}, @p0)", (long)Patience.TotalSeconds - 1) != 1)
            throw new SchemaException("another host has been migrating it for an hour");
    }

    private void Migrate(ShardConnection connection)
    {
        var begun = Begun(connection);
        if (begun.Count > 0 && begun.Keys.Max() is var last && last > Newest)
        {
            PreviousRelease.Require(
                last, Newest, connection.ScalarText("SELECT value FROM meta WHERE name = @p0", PreviousRelease.Key));
            return;
        }

        foreach (var script in scripts)
        {
            if (begun.TryGetValue(script.Version, out var applied) && applied != 0)
                continue;
            var resumed = begun.ContainsKey(script.Version);
            if (!resumed)
                connection.Execute("INSERT INTO schema_versions (version, name, applied) VALUES (@p0, @p1, 0)", (long)script.Version,
                    script.Name);
            foreach (var statement in StatementsOf(script))
                Apply(connection, statement, resumed);
            connection.Execute("UPDATE schema_versions SET applied = CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED) WHERE version = @p0",
                (long)script.Version);
        }
        connection.Execute("INSERT INTO meta (name, value) VALUES (@p0, @p1) ON DUPLICATE KEY UPDATE value = @p1",
            PreviousRelease.Key, oldest.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>The steps begun so far, with the time they ended, 0 if they did not.</summary>
    private static Dictionary<int, long> Begun(ShardConnection connection)
    {
        var begun = new Dictionary<int, long>();
        var versions = connection.ScalarInt64(
            "SELECT count(*) FROM information_schema.columns WHERE table_schema = database() "
            + "AND table_name = 'schema_versions' AND column_name IN ('version', 'name', 'applied')");
        if (versions == 3)
            connection.Query("SELECT version, applied FROM schema_versions", [], row => begun.Add(row.GetInt32(0), row.GetInt64(1)));

        // An interrupted first start leaves an empty list of versions and nothing else.
        if (begun.Count == 0
            && connection.ScalarInt64("SELECT count(*) FROM information_schema.tables WHERE table_schema = database()") != (versions == 3
                ? 1 : 0))
        {
            throw new SchemaException("it belongs to another program");
        }

        connection.ExecuteText(VersionsTable);
        return begun;
    }

    private static void Apply(ShardConnection connection, string statement, bool resumed)
    {
        try
        {
            connection.ExecuteText(statement);
        }
        catch (DbException exception) when (resumed && IsDoneAlready(MySqlDriver.ErrorNumber(exception)))
        {
            // Done already by the interrupted start.
        }
    }

    private static bool IsDoneAlready(int error) => error is
        1050 or // ER_TABLE_EXISTS_ERROR
        1051 or // ER_BAD_TABLE_ERROR: dropped
        1060 or // ER_DUP_FIELDNAME
        1061 or // ER_DUP_KEYNAME
        1091;   // ER_CANT_DROP_FIELD_OR_KEY

    private static void CheckIdentity(ShardConnection connection, int shard, int shards)
    {
        var wanted = string.Create(CultureInfo.InvariantCulture, $"{shard} of {shards}");
        connection.Execute("INSERT INTO meta (name, value) VALUES ('shard', @p0) ON DUPLICATE KEY UPDATE name = name", wanted);
        var found = connection.ScalarText("SELECT value FROM meta WHERE name = 'shard'");
        if (found != wanted)
            throw new SchemaException(
                $"it is shard {found} but is listed as shard {wanted}; list the shards as they were created");
    }

    /// <summary>A statement ends with a semicolon at the end of a line; comment lines are dropped.</summary>
    private static IEnumerable<string> StatementsOf(MigrationScript script)
    {
        var lines = script.Sql.ReplaceLineEndings("\n").Split('\n').Where(line => !line.StartsWith("--", StringComparison.Ordinal));
        return string.Join('\n', lines).Split(";\n").Select(statement => statement.Trim()).Where(statement => statement.Length > 0);
    }
}
