using Swiper.Storage.Migrations;

namespace Swiper.Storage.Embedded.Sqlite;

/// <summary>Migrates a SQLite file to the newest schema, one transaction per step; the version is in <c>PRAGMA user_version</c>.</summary>
/// <param name="scripts">All steps.</param>
/// <param name="oldest">The oldest schema whose programs can use a file of the newest one.</param>
internal sealed class SqliteMigrator(IReadOnlyList<MigrationScript> scripts, int oldest)
{
    /// <summary>The migrator of the shard files.</summary>
    public static SqliteMigrator Shard { get; } = new(MigrationScript.Of("Sqlite"), PreviousRelease.Sqlite);

    public int Newest => scripts.Count;

    /// <summary>Applies what is missing; an interrupted step is applied again from its beginning.</summary>
    /// <exception cref="SchemaException">The file was written by a program too new, or by another one.</exception>
    /// <exception cref="SqliteException">The file can't be read or written.</exception>
    public void Migrate(SqliteConnection connection)
    {
        var version = connection.ReadInt64("PRAGMA user_version");
        if (version > Newest)
        {
            PreviousRelease.Require(version, Newest, connection.ReadText($"SELECT value FROM meta WHERE key = '{PreviousRelease.Key}'"));
            return;
        }
        if (version == 0 && connection.ReadInt64("SELECT count(*) FROM sqlite_master") != 0)
            throw new SchemaException("it belongs to another program");

        foreach (var script in scripts.Skip((int)version))
        {
            connection.Execute("BEGIN IMMEDIATE");
            try
            {
                connection.Execute(script.Sql);
                connection.Execute($"PRAGMA user_version = {script.Version}");
                // The first step makes the table.
                connection.Execute($"INSERT OR REPLACE INTO meta (key, value) VALUES ('{PreviousRelease.Key}', '{oldest}')");
                connection.Execute("COMMIT");
            }
            catch
            {
                // SQLite may have rolled back already, and a failing rollback must not hide the cause.
                if (connection.InTransaction)
                    connection.TryExecute("ROLLBACK");
                throw;
            }
        }
    }
}
