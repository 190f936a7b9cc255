using System.Data;
using System.Data.Common;
using Dapper;
using Swiper.Storage.MySql;

namespace Swiper.Storage.Tests.MySql;

[Collection(nameof(MariaDbCollection))]
public sealed class ShardConnectionTests : IDisposable
{
    private readonly ShardServer _server;
    private readonly ShardConnection _connection;

    public ShardConnectionTests(MariaDbServer mariaDb)
    {
        _server = PatientShard.Server(mariaDb.NewDatabase());
        _connection = _server.ConnectPatiently();
        _connection.ExecuteText(
            "CREATE TABLE t (id BIGINT PRIMARY KEY, text VARCHAR(64), bytes MEDIUMBLOB, place DOUBLE) "
            + "CHARSET=utf8mb4 COLLATE=utf8mb4_bin");
    }

    public void Dispose()
    {
        _connection.Dispose();
        _server.Dispose();
    }

    [Fact]
    public async Task What_a_pooled_query_throws_for_a_broken_connection_is_tried_again()
    {
        var tries = 0;
        Assert.Equal(7, await _server.QueryAsync(0, async (connection, _) =>
        {
            if (++tries > 1)
                return await connection.ExecuteScalarAsync<int>("SELECT 7");
            await connection.CloseAsync();
            throw new InvalidOperationException("of the driver");
        }));
        Assert.Equal(2, tries);
    }

    [Fact]
    public async Task What_a_pooled_query_throws_itself_is_not_tried_again()
    {
        var tries = 0;
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await _server.QueryAsync<int, int>(0, (_, _) =>
        {
            tries++;
            throw new InvalidOperationException("of the test");
        }));
        Assert.Equal(1, tries);
        Assert.True(_server.IsAvailable);
    }

    [Fact]
    public async Task A_transaction_whose_connection_broke_before_the_commit_is_run_again()
    {
        var tries = 0;
        await _server.TransactAsync<int>(async connection =>
        {
            tries++;
            await connection.ExecuteAsync($"{ShardServer.Begin}INSERT INTO t (id) VALUES (1)");
            if (tries == 1)
                await LoseAsync(connection);
            return (0, null);
        });
        Assert.Equal(2, tries);
        Assert.Equal(1, _connection.ScalarInt64("SELECT count(*) FROM t"));
    }

    private static async Task LoseAsync(DbConnection connection)
    {
        while (connection.State == ConnectionState.Open)
        {
            try
            {
                await connection.ExecuteAsync("KILL CONNECTION_ID()");
            }
            catch (DbException)
            {
                // The driver notices it at once, or at the next statement.
            }
        }
    }

    [Theory]
    [InlineData("Zoë 😀 测试 👩‍👩‍👧")]
    [InlineData("x'); DROP TABLE t; -- ")]
    [InlineData("\\' OR 1=1 \" @p0 ? ` ; /* ")]
    [InlineData("")]
    public void Text_comes_back_as_it_was_written(string text)
    {
        Assert.Equal(1, _connection.Execute("INSERT INTO t (id, text) VALUES (@p0, @p1)", 1L, text));
        Assert.Equal(text, _connection.ScalarText("SELECT text FROM t WHERE text = @p0", text));
        Assert.Equal(1, _connection.ScalarInt64("SELECT count(*) FROM t"));
    }

    [Fact]
    public void Numbers_bytes_and_nothing_come_back_as_they_were_written()
    {
        var bytes = new byte[200_000];
        new Random(1).NextBytes(bytes);
        const string Insert = "INSERT INTO t (id, text, bytes, place) VALUES (@p0, @p1, @p2, @p3)";
        _connection.Execute(Insert, long.MinValue, null, bytes, 51.5);
        _connection.Execute(Insert, long.MaxValue, "a", Array.Empty<byte>(), null);
        var rows = new List<(long, string?, byte[], double?)>();
        _connection.Query("SELECT id, text, bytes, place FROM t ORDER BY id", [], row => rows.Add(
            (row.GetInt64(0), row.IsDBNull(1)
                ? null
                : row.GetString(1), (byte[])row.GetValue(2), row.IsDBNull(3)
                ? null
                : row.GetDouble(3))));
        Assert.Equal((long.MinValue, null, 51.5), (rows[0].Item1, rows[0].Item2, rows[0].Item4));
        Assert.Equal(bytes, rows[0].Item3);
        Assert.Equal((long.MaxValue, "a", null), (rows[1].Item1, rows[1].Item2, rows[1].Item4));
        Assert.Empty(rows[1].Item3);
        Assert.Null(_connection.ScalarText("SELECT text FROM t WHERE id = @p0", long.MinValue));
        Assert.Null(_connection.ScalarInt64("SELECT id FROM t WHERE id = 0"));
    }

    [Fact]
    public void A_number_that_is_bound_again_is_the_new_one()
    {
        var insert = _connection.Statement("INSERT INTO t (id) VALUES (@p0)", 1);
        foreach (var number in (long[])[7, -7, 1L << 40])
        {
            insert.Bind(0, number);
            Assert.Equal(1, _connection.Execute(insert));
        }

        Assert.Equal((1L << 40) + 0, _connection.ScalarInt64("SELECT sum(id) FROM t WHERE id > @p0", -100L));
    }

    [Fact]
    public void What_does_not_fit_is_refused_and_not_cut_short()
    {
        var exception =
            Assert.ThrowsAny<DbException>(() => _connection.Execute("INSERT INTO t (id, text) VALUES (1, @p0)", new string('x', 65)));
        Assert.Equal(ShardFailure.None, TransientErrors.KindOf(exception));
        Assert.Equal(0, _connection.ScalarInt64("SELECT count(*) FROM t"));
    }

    [Fact]
    public void A_bug_in_sql_is_no_failure_of_the_store()
    {
        foreach (var sql in (string[])["SELEKT 1", "SELECT nothing FROM t", "SELECT 1 FROM nowhere", "INSERT INTO t (id) VALUES (1), (1)"])
            Assert.Equal(ShardFailure.None, TransientErrors.KindOf(Assert.ThrowsAny<DbException>(() => _connection.ExecuteText(sql))));
    }

    [Fact]
    public void Warnings_and_the_servers_own_tables_can_be_read()
    {
        _connection.ExecuteText("CREATE TABLE IF NOT EXISTS t (id INT)");
        _connection.ExecuteText("DROP TABLE IF EXISTS nowhere");
        _connection.Execute("INSERT IGNORE INTO t (id) VALUES (1), (1)");
        Assert.Equal("t", _connection.ScalarText("SELECT table_name FROM information_schema.tables WHERE table_schema = database()"));
    }

    [Fact]
    public void A_broken_connection_is_opened_again_with_its_statements()
    {
        const string Insert = "INSERT INTO t (id) VALUES (@p0)";
        _connection.Execute(Insert, 1L);
        Break();
        var lost = Assert.ThrowsAny<Exception>(() => _connection.Execute(Insert, 2L));
        Assert.Equal(ShardFailure.Unreachable, TransientErrors.KindOf(lost));
        _connection.Execute(Insert, 3L);
        Assert.Equal(4, _connection.ScalarInt64("SELECT sum(id) FROM t"));
    }

    [Fact]
    public void Inside_a_transaction_a_broken_connection_is_not_opened_again()
    {
        const string Insert = "INSERT INTO t (id) VALUES (@p0)";
        _connection.Begin();
        _connection.Execute(Insert, 1L);
        Break();
        Assert.ThrowsAny<Exception>(() => _connection.Execute(Insert, 2L));
        var second = Assert.ThrowsAny<Exception>(() => _connection.Execute(Insert, 3L));
        Assert.Equal(ShardFailure.Unreachable, TransientErrors.KindOf(second));
        Assert.ThrowsAny<Exception>(_connection.Commit);
        _connection.Rollback();
        _connection.Begin();
        _connection.Execute(Insert, 4L);
        _connection.Commit();
        Assert.Equal(4, _connection.ScalarInt64("SELECT sum(id) FROM t"));
    }

    [Fact]
    public void A_rollback_forgets_and_a_new_begin_forgets_what_was_left_open()
    {
        _connection.Begin();
        _connection.Execute("INSERT INTO t (id) VALUES (1)");
        _connection.Rollback();
        _connection.Begin();
        _connection.Execute("INSERT INTO t (id) VALUES (2)");
        _connection.Begin();
        _connection.Execute("INSERT INTO t (id) VALUES (4)");
        _connection.Commit();
        Assert.Equal(4, _connection.ScalarInt64("SELECT sum(id) FROM t"));
    }

    [Fact]
    public void A_snapshot_sees_nothing_of_what_is_committed_after_its_beginning()
    {
        using var other = _server.Connect();
        _connection.BeginSnapshot();
        other.Execute("INSERT INTO t (id) VALUES (1)");
        Assert.Equal(0, _connection.ScalarInt64("SELECT count(*) FROM t"));
        Assert.ThrowsAny<DbException>(() => _connection.Execute("INSERT INTO t (id) VALUES (2)"));
        _connection.Rollback();
        Assert.Equal(1, _connection.ScalarInt64("SELECT count(*) FROM t"));

        // The next transaction is an ordinary one again.
        _connection.Begin();
        Assert.Equal(1, _connection.ScalarInt64("SELECT count(*) FROM t"));
        other.Execute("INSERT INTO t (id) VALUES (3)");
        Assert.Equal(2, _connection.ScalarInt64("SELECT count(*) FROM t"));
        _connection.Execute("INSERT INTO t (id) VALUES (4)");
        _connection.Commit();
        Assert.Equal(3, other.ScalarInt64("SELECT count(*) FROM t"));
    }

    [Fact]
    public void A_wrong_connection_string_is_told_without_its_password()
    {
        var exception = Assert.Throws<ArgumentException>(() => new ShardServer(0, "server=127.0.0.1;pasword=secret"));
        Assert.DoesNotContain("secret", exception.Message, StringComparison.Ordinal);
    }

    private void Break()
    {
        var id = _connection.ScalarInt64("SELECT connection_id()");
        using var other = _server.Connect();
        other.ExecuteText($"KILL {id}");
        // The killed one notices when it next has a turn; until then it is in the list.
        while (other.ScalarInt64("SELECT count(*) FROM information_schema.processlist WHERE id = @p0", id) > 0)
        {
        }
    }
}
