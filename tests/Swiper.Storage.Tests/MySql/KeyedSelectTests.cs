using Swiper.Storage.MySql;

namespace Swiper.Storage.Tests.MySql;

[Collection(nameof(MariaDbCollection))]
public sealed class KeyedSelectTests : IDisposable
{
    private readonly ShardServer _server;
    private readonly ShardConnection _connection;

    public KeyedSelectTests(MariaDbServer mariaDb)
    {
        _server = new ShardServer(0, mariaDb.NewDatabase());
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
            Assert.Equal(Enumerable.Range(0, keys).Select(i => ((long)(i / 100), (long)(i % 100), (long)((i / 100) + (i % 100)) % 3)), found.Order());
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

    [Theory]
    [InlineData(2)]
    [InlineData(KeyedSelect.MostKeys)]
    public void The_primary_key_is_used(int keys)
    {
        var tuples = string.Join(", ", Enumerable.Range(0, keys).Select(i => $"({i % 100}, {i / 100})"));
        string? type = null;
        _connection.Query($"EXPLAIN SELECT uid, sid, kind FROM t WHERE (uid, sid) IN ({tuples})", [], row => type = row.GetString(3));
        Assert.Equal("range", type);
    }
}
