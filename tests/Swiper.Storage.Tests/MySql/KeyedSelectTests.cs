using Swiper.Storage.MySql;

namespace Swiper.Storage.Tests.MySql;

[Collection(nameof(MariaDbCollection))]
public sealed class KeyedSelectTests : IDisposable
{
    private readonly ShardServer _server;
    private readonly ShardConnection _connection;

    public KeyedSelectTests(MariaDbServer mariaDb)
    {
        _server = PatientShard.Server(mariaDb.NewDatabase());
        _connection = _server.Connect();
        _connection.ExecuteText("CREATE TABLE t (uid BIGINT, sid BIGINT, kind TINYINT, PRIMARY KEY (uid, sid))");
        var insert = new MultiRowInsert("INSERT INTO t (uid, sid, kind) VALUES", 3);
        for (var uid = 0; uid < 100; uid++)
        {
            for (var sid = 0; sid < 100; sid++)
                insert.Add(uid, sid, (uid + sid) % 3);
        }

        insert.Execute(_connection);
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
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(1000)]
    public void Every_key_is_found_once_whatever_their_number(int keys)
    {
        var select = new KeyedSelect("SELECT uid, sid, kind FROM t WHERE (uid, sid) IN", 2);
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < keys; i++)
                select.Add(i / 100, i % 100);
            Assert.Equal(keys, select.Count);
            var found = new List<(long, long, long)>();
            select.Execute(_connection, row => found.Add((row.GetInt64(0), row.GetInt64(1), row.GetInt64(2))));
            Assert.Equal(Enumerable.Range(0, keys).Select(i => ((long)(i / 100), (long)(i % 100), (long)((i / 100) + (i % 100)) % 3)),
                found.Order());
            Assert.Equal(0, select.Count);
        }
    }

    [Fact]
    public void Keys_that_nobody_has_find_nothing_and_a_key_asked_for_twice_is_one_row()
    {
        var select = new KeyedSelect("SELECT uid, sid FROM t WHERE (uid, sid) IN", 2, " AND kind <> 1");
        select.Add(5, 1);
        select.Add(5, 1);
        select.Add(0, 1);
        select.Add(500, 1);
        var found = new List<(long, long)>();
        select.Execute(_connection, found, static (row, found) => found.Add((row.GetInt64(0), row.GetInt64(1))));
        Assert.Equal([(5, 1)], found);
    }

    [Fact]
    public void A_key_may_be_one_number()
    {
        var select = new KeyedSelect("SELECT uid, sum(kind) FROM t WHERE uid IN", 1, " GROUP BY uid ORDER BY uid");
        select.Add(3);
        select.Add(1);
        select.Add(1000);
        var found = new List<long>();
        select.Execute(_connection, row => found.Add(row.GetInt64(0)));
        Assert.Equal([1, 3], found);
    }

    [Fact]
    public void Conditions_may_stand_before_and_after_the_key()
    {
        var select =
            new KeyedSelect("SELECT x.uid FROM t x WHERE x.kind <> 1 AND (x.uid, x.sid) IN", 2, " AND x.kind <> 0 ORDER BY x.uid");
        for (var uid = 0; uid < 4; uid++)
            select.Add(uid, 0);
        var found = new List<long>();
        select.Execute(_connection, row => found.Add(row.GetInt64(0)));
        Assert.Equal([2], found);
    }

    [Theory]
    [InlineData("SELECT uid FROM t", 1)]
    [InlineData("SELECT uid FROM t WHERE (uid, sid) IN", 1)]
    [InlineData("SELECT uid FROM t WHERE uid IN (1)", 1)]
    public void What_is_no_select_by_keys_is_refused(string head, int columns) =>
        Assert.Throws<ArgumentException>(() => new KeyedSelect(head, columns));

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(KeyedSelect.MostKeys)]
    public void Only_the_rows_asked_for_are_read(int keys)
    {
        var select = new KeyedSelect("SELECT uid, sid, kind FROM t WHERE (uid, sid) IN", 2);
        var before = RowsRead();
        for (var i = 0; i < keys; i++)
            select.Add(i % 100, i / 100);
        select.Execute(_connection, static _ => { });
        // The keys themselves are read once from the derived table and the rows once each; a scan would read 10,000.
        Assert.InRange(RowsRead() - before, keys, (4 * keys) + 1000);
    }

    private long RowsRead() => _connection.ScalarInt64(
        "SELECT CAST(sum(variable_value) AS SIGNED) FROM information_schema.session_status "
        + "WHERE variable_name LIKE 'Handler_read%'")!.Value;
}
