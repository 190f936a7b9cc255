using Dapper;
using SQLitePCL;
using Swiper.Storage.Embedded.Sqlite;

namespace Swiper.Storage.Tests.Embedded.Sqlite;

public sealed class SqliteConnectionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteConnection _writer;

    public SqliteConnectionTests()
    {
        _writer = SqliteConnection.OpenWriter(_folder.File("a.db"));
        _writer.Execute("CREATE TABLE t (id INTEGER PRIMARY KEY, r REAL, s TEXT, b BLOB)");
    }

    public void Dispose()
    {
        _writer.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_writer_logs_ahead_and_syncs_at_every_commit()
    {
        Assert.Equal("wal", _writer.ReadText("PRAGMA journal_mode"));
        Assert.Equal("2", _writer.ReadText("PRAGMA synchronous"));
        Assert.Equal("0", _writer.ReadText("PRAGMA foreign_keys"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_list_may_be_followed_by_other_parameters(int count)
    {
        _writer.Execute("INSERT INTO t (id) VALUES (1), (2), (3), (4)");
        for (var repeats = 0; repeats < 2; repeats++)
        {
            var found = _writer.Run(connection => connection.QueryAsync<long>(
                "SELECT id FROM t WHERE id IN @ids AND id <= @last AND id NOT IN @others ORDER BY id",
                new { ids = Enumerable.Range(2, count), last = 3, others = new[] { 8, 9 } }));
            Assert.Equal(count == 1 ? [2L] : [2L, 3], found);
        }
    }

    [Fact]
    public void Statements_that_are_run_again_and_again_stay_prepared_beside_any_number_that_are_not()
    {
        Run("SELECT 1");
        for (var i = 0; i < 300; i++)
        {
            Run($"SELECT {i + 2}");
            Run("SELECT 1");
        }

        Assert.True(Keeps("SELECT 1"));
        Assert.True(Keeps("SELECT 301"));
        Assert.False(Keeps("SELECT 2"));

        // One that holds so many values is not run twice.
        var values = $"SELECT '{new string('x', 5_000)}'";
        Run(values);
        Assert.False(Keeps(values));

        void Run(string sql) =>
            _writer.Run(connection => connection.ExecuteAsync(new CommandDefinition(sql, flags: CommandFlags.NoCache)));
        bool Keeps(string sql) => _writer.Run(connection => Task.FromResult(((PreparedCommands)connection).Keeps(sql)));
    }

    [Fact]
    public void Values_come_back_as_they_went_in()
    {
        var insert = _writer.Prepare("INSERT INTO t VALUES (?, ?, ?, ?)"u8);
        insert.Bind(1, long.MinValue);
        insert.Bind(2, 0.1);
        insert.BindText(3, "grüße 😀");
        insert.BindBlob(4, [0, 1, 255]);
        insert.Run();
        insert.Bind(1, 2L);
        insert.BindNull(2);
        insert.BindText(3, ""u8);
        insert.BindBlob(4, []);
        insert.Run();
        insert.Bind(1, 3L);
        insert.BindText(3, new string('ü', 1000));
        insert.BindNull(4);
        insert.Run();
        Assert.Equal(1, _writer.Changes);

        var select = _writer.Prepare("SELECT id, r, s, b FROM t ORDER BY id"u8);
        Assert.True(select.Step());
        Assert.Equal(long.MinValue, select.Int64(0));
        Assert.Equal(0.1, select.Double(1));
        Assert.Equal("grüße 😀", select.Text(2));
        Assert.True(select.Bytes(2).SequenceEqual("grüße 😀"u8));
        Assert.Equal([0, 1, 255], select.Bytes(3).ToArray());
        Assert.True(select.Step());
        Assert.True(select.IsNull(1));
        Assert.False(select.IsNull(2));
        Assert.Equal("", select.Text(2));
        Assert.False(select.IsNull(3));
        Assert.True(select.Bytes(3).IsEmpty);
        Assert.True(select.Step());
        Assert.Equal(new string('ü', 1000), select.Text(2));
        Assert.True(select.IsNull(3));
        Assert.False(select.Step());
        Assert.True(select.Step());
    }

    [Fact]
    public void A_broken_rule_is_the_statements_fault_and_the_statement_can_be_used_again()
    {
        var insert = _writer.Prepare("INSERT INTO t (id) VALUES (?)"u8);
        insert.Bind(1, 1L);
        insert.Run();
        var exception = Assert.Throws<SqliteException>(insert.Run);
        Assert.Equal(raw.SQLITE_CONSTRAINT, exception.Code & 0xff);
        Assert.NotEqual(raw.SQLITE_CONSTRAINT, exception.Code);
        Assert.False(exception.IsStorageFailure);
        Assert.StartsWith("a.db: UNIQUE constraint failed: t.id", exception.Message, StringComparison.Ordinal);
        insert.Bind(1, 2L);
        insert.Run();
    }

    [Fact]
    public void A_file_that_may_not_grow_is_full()
    {
        _writer.Execute("PRAGMA max_page_count = 10");
        var insert = _writer.Prepare("INSERT INTO t (b) VALUES (zeroblob(100000))"u8);
        var exception = Assert.Throws<SqliteException>(insert.Run);
        Assert.True(exception.IsFull);
        Assert.True(exception.IsStorageFailure);
        _writer.Execute("PRAGMA max_page_count = 1000");
        insert.Run();
    }

    [Fact]
    public void A_second_writer_is_busy_at_once()
    {
        using var other = SqliteConnection.OpenWriter(_folder.File("a.db"));
        other.Execute("BEGIN IMMEDIATE");
        Assert.True(Assert.Throws<SqliteException>(() => _writer.Execute("BEGIN IMMEDIATE")).IsBusy);
    }

    [Fact]
    public void What_is_no_database_is_corrupt()
    {
        File.WriteAllText(_folder.File("b.db"), new string('x', 5000));
        Assert.True(Assert.Throws<SqliteException>(() => SqliteConnection.OpenWriter(_folder.File("b.db"))).IsCorrupt);
    }

    [Fact]
    public void A_reader_sees_what_is_committed_and_can_write_nothing()
    {
        using var reader = SqliteConnection.OpenReader(_folder.File("a.db"));
        _writer.Execute("BEGIN; INSERT INTO t (id) VALUES (1)");
        Assert.Equal(0, reader.ReadInt64("SELECT count(*) FROM t"));
        _writer.Execute("COMMIT");
        Assert.Equal(1, reader.ReadInt64("SELECT count(*) FROM t"));
        Assert.True(Assert.Throws<SqliteException>(() => reader.Execute("DELETE FROM t")).IsInputOutput);
    }

    [Fact]
    public void A_file_that_is_missing_is_not_made_by_a_reader()
    {
        Assert.True(Assert.Throws<SqliteException>(() => SqliteConnection.OpenReader(_folder.File("none.db"))).IsInputOutput);
        Assert.False(File.Exists(_folder.File("none.db")));
    }

    [Fact]
    public void Writing_and_reading_rows_allocates_nothing()
    {
        var insert = _writer.Prepare("INSERT OR REPLACE INTO t VALUES (?, ?, ?, ?)"u8);
        var select = _writer.Prepare("SELECT id, r, s, b FROM t WHERE id = ?"u8);
        var read = 0L;
        WriteAndRead(1);
        Assert.Equal(0, Garbage.OfSecondRun(() => WriteAndRead(200)));
        Assert.True(read > 0);

        void WriteAndRead(int rows)
        {
            for (var i = 0; i < rows; i++)
            {
                insert.Bind(1, (long)i);
                insert.Bind(2, 1.5);
                insert.BindText(3, "text");
                insert.BindBlob(4, "blob"u8);
                insert.Run();
                select.Bind(1, (long)i);
                while (select.Step())
                    read += select.Int64(0) + (long)select.Double(1) + select.Bytes(2).Length + select.Bytes(3).Length;
            }
        }
    }
}
