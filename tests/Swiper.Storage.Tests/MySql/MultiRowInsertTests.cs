using Swiper.Storage.MySql;

namespace Swiper.Storage.Tests.MySql;

[Collection(nameof(MariaDbCollection))]
public sealed class MultiRowInsertTests : IDisposable
{
    private const string Head = "INSERT INTO t (uid, sid, kind) VALUES";

    private readonly ShardServer _server;
    private readonly ShardConnection _connection;

    public MultiRowInsertTests(MariaDbServer mariaDb)
    {
        _server = PatientShard.Server(mariaDb.NewDatabase());
        _connection = _server.Connect();
        _connection.ExecuteText(
            "CREATE TABLE t (uid BIGINT, sid BIGINT, kind TINYINT, n BIGINT AUTO_INCREMENT, PRIMARY KEY (uid, sid), KEY (n))");
    }

    public void Dispose()
    {
        _connection.Dispose();
        _server.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(200)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(1000)]
    public void Every_row_arrives_whatever_their_number(int rows)
    {
        var insert = new MultiRowInsert(Head, 3);
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < rows; i++)
                insert.Add(round, i, i % 100);
            Assert.Equal(rows, insert.Count);
            Assert.Equal(rows, insert.Execute(_connection));
            Assert.Equal(0, insert.Count);
        }

        Assert.Equal(2 * rows, _connection.ScalarInt64("SELECT count(*) FROM t WHERE kind = sid % 100"));
    }

    [Theory]
    [InlineData(15, 1)]
    [InlineData(16, 1)]
    [InlineData(255, 2)]
    [InlineData(256, 1)]
    [InlineData(511, 3)]
    public void A_batch_of_any_size_takes_few_statements(int rows, int statements)
    {
        var insert = new MultiRowInsert(Head, 3);
        for (var i = 0; i < rows; i++)
            insert.Add(1, i, 1);
        var before = Executed();
        insert.Execute(_connection);
        Assert.Equal(statements, Executed() - before - 1);
    }

    [Fact]
    public void What_is_there_already_is_left_and_not_counted()
    {
        var insert = new MultiRowInsert(Head, 3, " ON DUPLICATE KEY UPDATE uid = uid");
        insert.Add(1, 1, 1);
        insert.Add(1, 2, 1);
        Assert.Equal(2, insert.Execute(_connection));
        insert.Add(1, 1, 3);
        insert.Add(1, 3, 2);
        insert.Add(1, 3, 1);
        Assert.Equal(1, insert.Execute(_connection));
        Assert.Equal(1, _connection.ScalarInt64("SELECT kind FROM t WHERE uid = 1 AND sid = 1"));
        Assert.Equal(2, _connection.ScalarInt64("SELECT kind FROM t WHERE uid = 1 AND sid = 3"));
    }

    [Fact]
    public void A_row_that_is_changed_counts_two_and_one_that_stays_the_same_nothing()
    {
        var insert = new MultiRowInsert(Head, 3, " ON DUPLICATE KEY UPDATE kind = VALUES(kind)");
        insert.Add(1, 1, 1);
        insert.Add(1, 2, 1);
        insert.Execute(_connection);
        insert.Add(1, 1, 1);
        insert.Add(1, 2, 2);
        Assert.Equal(2, insert.Execute(_connection));
    }

    [Fact]
    public void Rows_are_sent_in_the_order_of_the_key_and_of_two_with_one_key_the_first_comes_first()
    {
        var insert = new MultiRowInsert(Head, 3, " ON DUPLICATE KEY UPDATE uid = t.uid", keyColumns: 2);
        insert.Add(2, 1, 1);
        insert.Add(-1, 5, 2);
        insert.Add(1, 9, 3);
        insert.Add(1, 2, 4);
        insert.Add(1, 9, 5);
        Assert.Equal(4, insert.Execute(_connection));
        var sent = new List<(long, long, long)>();
        _connection.Query("SELECT uid, sid, kind FROM t ORDER BY n", [], row =>
            sent.Add((row.GetInt64(0), row.GetInt64(1), row.GetInt64(2))));
        Assert.Equal([(-1, 5, 2), (1, 2, 4), (1, 9, 3), (2, 1, 1)], sent);
    }

    [Fact]
    public void What_was_collected_for_a_batch_that_failed_is_gone()
    {
        var insert = new MultiRowInsert(Head, 3);
        insert.Add(1, 1, 1);
        insert.Add(1, 1, 1);
        Assert.ThrowsAny<Exception>(() => insert.Execute(_connection));
        Assert.Equal(0, insert.Count);
        insert.Add(1, 2, 1);
        insert.Clear();
        Assert.Equal(0, insert.Execute(_connection));
    }

    [Fact]
    public void A_row_of_another_width_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new MultiRowInsert(Head, 3).Add(1, 2));
    }

    [Fact]
    public void A_row_leaves_less_than_a_hundred_bytes_of_garbage()
    {
        const int Rows = 200;
        var insert = new MultiRowInsert(Head, 3, " ON DUPLICATE KEY UPDATE uid = uid", keyColumns: 2);
        var next = 0L;
        var bytes = Garbage.OfSecondRun(() =>
        {
            for (var i = 0; i < Rows; i++)
                insert.Add(next, -next++, 1);
            insert.Execute(_connection);
        });
        Assert.True(bytes < 100 * Rows, $"{bytes} bytes for {Rows} rows");
    }

    // How many prepared statements this connection has run, the one that asks included.
    private long Executed() => _connection.ScalarInt64(
        "SELECT CAST(variable_value AS SIGNED) FROM information_schema.session_status WHERE variable_name = 'COM_STMT_EXECUTE'") ?? -1;
}
