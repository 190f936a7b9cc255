using Swiper.Storage.Embedded.Sqlite;
using Swiper.Storage.Migrations;

namespace Swiper.Storage.Tests.Embedded.Sqlite;

public sealed class SqliteMigratorTests : IDisposable
{
    private static readonly MigrationScript First = new(1, "001_first",
        "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT); CREATE TABLE a (x INTEGER); INSERT INTO a VALUES (1);");
    private static readonly MigrationScript Second = new(2, "002_second", "ALTER TABLE a ADD COLUMN y INTEGER NOT NULL DEFAULT 7;");

    private readonly TemporaryFolder _folder = new();
    private readonly SqliteConnection _file;

    public SqliteMigratorTests() => _file = SqliteConnection.OpenWriter(_folder.File("a.db"));

    public void Dispose()
    {
        _file.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void The_shard_schema_is_applied_once()
    {
        SqliteMigrator.Shard.Migrate(_file);
        _file.Execute("INSERT INTO meta VALUES ('a', 'b')");
        SqliteMigrator.Shard.Migrate(_file);
        Assert.Equal("b", _file.ReadText("SELECT value FROM meta"));
        Assert.Equal(SqliteMigrator.Shard.Newest, _file.ReadInt64("PRAGMA user_version"));
        Assert.Equal(
            "activity,blocks,codes,devices,follow_ups,former_friends,friends,listed_only,meta,phones,push_seqs,pushes,report_quotas,"
            + "reported,reports,revoked,rewinds,swiped,users,vip_levels",
            _file.ReadText(
                "SELECT group_concat(name) FROM (SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' "
                + "ORDER BY name)"));
    }

    [Fact]
    public void An_older_file_gets_the_steps_that_it_lacks()
    {
        new SqliteMigrator([First], oldest: 1).Migrate(_file);
        new SqliteMigrator([First, Second], oldest: 1).Migrate(_file);
        Assert.Equal(1, _file.ReadInt64("SELECT count(*) FROM a WHERE x = 1 AND y = 7"));
        Assert.Equal(2, _file.ReadInt64("PRAGMA user_version"));
    }

    [Fact]
    public void A_step_that_fails_leaves_nothing_behind()
    {
        var broken = Second with { Sql = Second.Sql + "INSERT INTO nowhere VALUES (1);" };
        Assert.Throws<SqliteException>(() => new SqliteMigrator([First, broken], oldest: 1).Migrate(_file));
        Assert.Equal(1, _file.ReadInt64("PRAGMA user_version"));
        new SqliteMigrator([First, Second], oldest: 1).Migrate(_file);
        Assert.Equal(7, _file.ReadInt64("SELECT y FROM a"));
    }

    [Fact]
    public void A_file_of_the_next_release_is_used_as_it_is()
    {
        new SqliteMigrator([First, Second], oldest: 1).Migrate(_file);
        new SqliteMigrator([First], oldest: 0).Migrate(_file);
        Assert.Equal(2, _file.ReadInt64("PRAGMA user_version"));
        Assert.Equal("1", _file.ReadText("SELECT value FROM meta WHERE key = 'oldest_schema'"));
    }

    [Fact]
    public void A_newer_file_is_refused()
    {
        new SqliteMigrator([First, Second], oldest: 2).Migrate(_file);
        var exception = Assert.Throws<SchemaException>(() => new SqliteMigrator([First], oldest: 1).Migrate(_file));
        Assert.Equal("it was written by a newer Swiper (schema 2; this one supports up to 1)", exception.Message);
    }

    [Fact]
    public void A_database_of_another_program_is_refused()
    {
        _file.Execute("CREATE TABLE theirs (x)");
        Assert.Throws<SchemaException>(() => SqliteMigrator.Shard.Migrate(_file));
    }
}
