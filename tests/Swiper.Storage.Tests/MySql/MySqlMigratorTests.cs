using System.Data.Common;
using Swiper.Storage.Migrations;
using Swiper.Storage.MySql;

namespace Swiper.Storage.Tests.MySql;

[Collection(nameof(MariaDbCollection))]
public sealed class MySqlMigratorTests : IDisposable
{
    private static readonly MigrationScript First = new(1, "001_first",
        "-- it's a comment;\nCREATE TABLE a (x INT);\nCREATE TABLE meta (name VARCHAR(64) PRIMARY KEY, value VARCHAR(255));\n");
    private static readonly MigrationScript Second =
        new(2, "002_second", "ALTER TABLE a ADD COLUMN y INT NOT NULL DEFAULT 7;\r\nALTER TABLE a ADD KEY by_y (y);\r\n");

    private readonly MariaDbServer _mariaDb;
    private readonly string _database;
    private readonly ShardServer _server;
    private readonly ShardConnection _connection;

    public MySqlMigratorTests(MariaDbServer mariaDb)
    {
        _mariaDb = mariaDb;
        _database = mariaDb.NewDatabase();
        _server = PatientShard.Server(_database);
        _connection = _server.Connect();
    }

    public void Dispose()
    {
        _connection.Dispose();
        _server.Dispose();
    }

    [Fact]
    public void The_shard_schema_is_applied_once()
    {
        MySqlMigrator.Shard.Migrate(_server, 1);
        _connection.Execute("INSERT INTO meta (name, value) VALUES ('a', 'b')");
        MySqlMigrator.Shard.Migrate(_server, 1);
        Assert.Equal("b", _connection.ScalarText("SELECT value FROM meta WHERE name = 'a'"));
        Assert.Equal(MySqlMigrator.Shard.Newest, _connection.ScalarInt64("SELECT count(*) FROM schema_versions WHERE applied > 0"));
        Assert.Equal(
            "activity,blocks,codes,devices,events,follow_ups,former_friends,friends,journal,lanes,listed_only,meta,nodes,phones,pushes,"
            + "push_seqs,reported,reports,report_quotas,revoked,schema_versions,swiped,swipers,token_keys,users,vip_levels",
            Tables());
        Assert.Equal(0, _connection.ScalarInt64(
            "SELECT count(*) FROM information_schema.tables WHERE table_schema = database() "
            + "AND (engine <> 'InnoDB' OR table_collation <> 'utf8mb4_bin')"));
    }

    [Fact]
    public void Hosts_that_start_at_once_do_it_once()
    {
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ =>
        {
            using var server = PatientShard.Server(_database);
            MySqlMigrator.Shard.Migrate(server, 1);
        });
        Assert.Equal(MySqlMigrator.Shard.Newest, _connection.ScalarInt64("SELECT count(*) FROM schema_versions WHERE applied > 0"));
    }

    [Fact]
    public void An_older_database_gets_the_steps_that_it_lacks()
    {
        new MySqlMigrator([First], oldest: 1).Migrate(_server, 1);
        _connection.ExecuteText("INSERT INTO a (x) VALUES (1)");
        new MySqlMigrator([First, Second], oldest: 1).Migrate(_server, 1);
        Assert.Equal(7, _connection.ScalarInt64("SELECT y FROM a WHERE x = 1"));
    }

    [Fact]
    public void A_step_that_was_cut_off_is_completed_by_the_next_start()
    {
        new MySqlMigrator([First], oldest: 1).Migrate(_server, 1);
        var cutOff = Second with { Sql = Second.Sql.Replace("ADD KEY", "ADD KEE", StringComparison.Ordinal) };
        Assert.ThrowsAny<DbException>(() => new MySqlMigrator([First, cutOff], oldest: 1).Migrate(_server, 1));
        Assert.Equal(0, _connection.ScalarInt64("SELECT applied FROM schema_versions WHERE version = 2"));
        new MySqlMigrator([First, Second], oldest: 1).Migrate(_server, 1);
        Assert.Equal(1, _connection.ScalarInt64(
            "SELECT count(*) FROM information_schema.statistics WHERE table_schema = database() AND index_name = 'by_y'"));
        Assert.NotEqual(0, _connection.ScalarInt64("SELECT applied FROM schema_versions WHERE version = 2"));
    }

    [Fact]
    public void A_statement_that_fails_in_a_step_that_was_not_cut_off_is_a_failure()
    {
        new MySqlMigrator([First], oldest: 1).Migrate(_server, 1);
        Assert.ThrowsAny<DbException>(() =>
            new MySqlMigrator([First, Second with { Sql = "CREATE TABLE a (x INT);\n" }], oldest: 1).Migrate(_server, 1));
    }

    [Fact]
    public void A_start_that_was_cut_off_before_its_first_step_is_completed_by_the_next()
    {
        new MySqlMigrator([First], oldest: 1).Migrate(_server, 1);
        _connection.ExecuteText("DELETE FROM schema_versions");
        _connection.ExecuteText("DROP TABLE a, meta");
        new MySqlMigrator([First], oldest: 1).Migrate(_server, 1);
        Assert.Equal("a,meta,schema_versions", Tables());
    }

    [Fact]
    public void A_database_of_the_next_release_is_used_as_it_is()
    {
        new MySqlMigrator([First, Second], oldest: 1).Migrate(_server, 1);
        new MySqlMigrator([First], oldest: 0).Migrate(_server, 1);
        Assert.Equal(2, _connection.ScalarInt64("SELECT max(version) FROM schema_versions"));
        Assert.Equal("1", _connection.ScalarText("SELECT value FROM meta WHERE name = 'oldest_schema'"));
    }

    [Fact]
    public void A_newer_database_is_refused_and_left_as_it_is()
    {
        new MySqlMigrator([First, Second], oldest: 2).Migrate(_server, 1);
        var exception = Assert.Throws<SchemaException>(() => new MySqlMigrator([First], oldest: 1).Migrate(_server, 1));
        Assert.Equal(
            $"shard 0 ({_server.Name}): it was written by a newer Swiper (schema 2; this one supports up to 1)", exception.Message);
    }

    [Theory]
    [InlineData("CREATE TABLE theirs (x INT)")]
    [InlineData("CREATE TABLE schema_versions (id INT)")]
    public void A_database_of_another_program_is_refused_and_left_as_it_is(string theirs)
    {
        _connection.ExecuteText(theirs);
        var before = Tables();
        var exception = Assert.Throws<SchemaException>(() => MySqlMigrator.Shard.Migrate(_server, 1));
        Assert.Contains("it belongs to another program", exception.Message, StringComparison.Ordinal);
        Assert.Equal(before, Tables());
    }

    [Fact]
    public void Shards_in_another_order_or_of_another_number_are_refused()
    {
        MySqlMigrator.Shard.Migrate(_server, 2);
        using var swapped = PatientShard.Server(_database, 1);
        var exception = Assert.Throws<SchemaException>(() => MySqlMigrator.Shard.Migrate(swapped, 2));
        Assert.Equal(
            $"shard 1 ({_server.Name}): it is shard 0 of 2 but is listed as shard 1 of 2; list the shards as they were created",
            exception.Message);
        Assert.Contains("it is shard 0 of 2 but is listed as shard 0 of 1",
            Assert.Throws<SchemaException>(() => MySqlMigrator.Shard.Migrate(_server, 1)).Message, StringComparison.Ordinal);
        MySqlMigrator.Shard.Migrate(_server, 2);
    }

    [Fact]
    public void A_connection_string_without_a_database_is_refused()
    {
        using var nowhere = PatientShard.Server(_mariaDb.ConnectionString(""));
        Assert.Contains("names no database", Assert.Throws<SchemaException>(() => MySqlMigrator.Shard.Migrate(nowhere, 1)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_widest_profile_fits()
    {
        MySqlMigrator.Shard.Migrate(_server, 1);
        var widest = new string('é', 32) + new string('x', 32);
        Assert.Equal(1, _connection.Execute(
            """
            INSERT INTO users (uid, phone, nickname, sex, birthday, location, lat, lon, avatars, vip_level, vip_end,
                dating_sex, dating_location, min_distance, max_distance, min_age, max_age, only_matched, vibration, auto_play, created)
            VALUES (@p0, '+123456789012345', @p1, 1, 730000, 'x', NULL, @p2, @p3, 3, 1, 1, 'x', 0, 20038, 18, 120, 1, 1, 1, 1)
            """,
            1L, widest, -0.1, new string('a', 6 * 512 * 6 + 100)));
        Assert.Equal(widest, _connection.ScalarText("SELECT nickname FROM users WHERE uid = 1"));
    }

    private string? Tables() => _connection.ScalarText(
        "SELECT group_concat(table_name ORDER BY table_name) FROM information_schema.tables WHERE table_schema = database()");
}
