using Swiper.Storage.Embedded.Sqlite;

namespace Swiper.Storage.Tests.Embedded.Sqlite;

public sealed class SqliteReadersTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteConnection _writer;

    public SqliteReadersTests()
    {
        _writer = SqliteConnection.OpenWriter(_folder.File("a.db"));
        _writer.Execute("CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO t VALUES (1), (2), (3)");
    }

    public void Dispose()
    {
        _writer.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Many_threads_share_a_few_readers()
    {
        using var readers = Open(2);
        var threads = Enumerable.Range(0, 8).Select(_ => new Thread(() =>
        {
            for (var i = 0; i < 500; i++)
            {
                using var lease = readers.Rent();
                Assert.True(Has(lease.Reader, 1 + i % 3));
                Assert.False(Has(lease.Reader, 4));
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
    }

    [Fact]
    public void Rows_left_unread_hold_no_snapshot_once_the_reader_is_back()
    {
        using var readers = new SqliteReaders<SqliteStatement>(_folder.File("a.db"), 1, connection =>
            connection.Prepare("SELECT count(*) FROM t UNION ALL SELECT 0"u8));
        for (var rows = 3; rows < 6; rows++)
        {
            using (var lease = readers.Rent())
            {
                Assert.True(lease.Reader.Step());
                Assert.Equal(rows, lease.Reader.Int64(0));
            }

            _writer.Execute("INSERT INTO t (id) SELECT max(id) + 1 FROM t");
        }
    }

    [Fact]
    public void Renting_and_reading_allocates_nothing()
    {
        using var readers = Open(2);
        Read(10);
        Assert.Equal(0, Garbage.OfSecondRun(() => Read(1000)));

        void Read(int times)
        {
            for (var i = 0; i < times; i++)
            {
                using var lease = readers.Rent();
                Has(lease.Reader, 1);
            }
        }
    }

    [Fact]
    public void Closing_waits_for_the_reader_that_is_out_and_refuses_the_next()
    {
        var readers = Open(1);
        using var rented = new ManualResetEventSlim();
        using var finish = new ManualResetEventSlim();
        var reading = new Thread(() =>
        {
            using var lease = readers.Rent();
            rented.Set();
            finish.Wait();
            Assert.True(Has(lease.Reader, 1));
        });
        reading.Start();
        rented.Wait(TestContext.Current.CancellationToken);
        var waiting = new Thread(() => Assert.Throws<ObjectDisposedException>(() => readers.Rent().Dispose()));
        waiting.Start();
        var closing = new Thread(readers.Dispose);
        closing.Start();
        waiting.Join();
        finish.Set();
        reading.Join();
        closing.Join();
        readers.Dispose();
    }

    [Fact]
    public void A_reader_that_does_not_come_back_keeps_nobody_waiting_for_ever()
    {
        var readers = new SqliteReaders<SqliteStatement>(
            _folder.File("a.db"), 1, connection => connection.Prepare("SELECT 1 FROM t WHERE id = ?"u8), TimeSpan.FromMilliseconds(50));
        var lost = readers.Rent();
        Assert.Throws<TimeoutException>(() => readers.Rent().Dispose());
        readers.Dispose();
        Assert.True(Has(lost.Reader, 1));
    }

    [Fact]
    public void A_statement_that_does_not_compile_closes_what_was_opened()
    {
        Assert.Throws<SqliteException>(() =>
            new SqliteReaders<SqliteStatement>(_folder.File("a.db"), 2, connection => connection.Prepare("SELECT nothing"u8)));
    }

    private static bool Has(SqliteStatement statement, long id)
    {
        statement.Bind(1, id);
        var found = statement.Step();
        statement.Reset();
        return found;
    }

    private SqliteReaders<SqliteStatement> Open(int size) =>
        new(_folder.File("a.db"), size, connection => connection.Prepare("SELECT 1 FROM t WHERE id = ?"u8));
}
