using System.Diagnostics;
using Swiper.Load.Wire;
using Swiper.Storage.MySql;

namespace Swiper.Compare.Peers;

/// <summary>
/// One connection and the statement that inserts swipes, for one thread; each execution is a durable batch.
/// </summary>
internal sealed class MySqlBatchWriter : IDisposable
{
    private const int Columns = 5;

    private readonly ShardConnection _connection;
    private readonly string _insert;
    private readonly int _rowsPerBatch;
    private readonly long[] _people;
    private readonly Random _random;
    private readonly long[] _swipers;
    private SwipePairs _pairs;
    private int _next;
    private long _batch;

    /// <param name="server">The one MySQL.</param>
    /// <param name="swipers">Number of concurrent swipers.</param>
    /// <param name="people">The people they swipe.</param>
    /// <param name="rowsPerBatch">Rows per statement.</param>
    /// <param name="seed">Different for each writer.</param>
    public MySqlBatchWriter(ShardServer server, int swipers, long[] people, int rowsPerBatch, int seed)
    {
        (_people, _rowsPerBatch, _random) = (people, rowsPerBatch, new Random(seed));
        _connection = server.Connect();
        var rows = Enumerable.Range(0, rowsPerBatch)
            .Select(row => $"({string.Join(',', Enumerable.Range(row * Columns, Columns).Select(parameter => $"@p{parameter}"))})");
        _insert = $"INSERT INTO swiped (uid, sid, kind, at, batch) VALUES {string.Join(',', rows)}";
        _swipers = new long[swipers];
        _pairs = WithNewSwipers();
    }

    /// <summary>The rows made durable within the time.</summary>
    public long InsertFor(TimeSpan time)
    {
        var statement = _connection.Statement(_insert, Columns * _rowsPerBatch);
        var start = Stopwatch.GetTimestamp();
        var rows = 0L;
        while (Stopwatch.GetElapsedTime(start) < time)
        {
            Bind(statement);
            rows += _connection.Execute(statement);
        }
        return rows;
    }

    public void Dispose() => _connection.Dispose();

    private void Bind(ShardStatement statement)
    {
        _batch++;
        var at = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        for (int row = 0, parameter = 0; row < _rowsPerBatch; row++)
        {
            var (uid, sid, done) = NextPair();
            statement.Bind(parameter++, uid);
            statement.Bind(parameter++, sid);
            statement.Bind(parameter++, (long)SwipePairs.KindOf(done, SwipePairs.HalfLikes));
            statement.Bind(parameter++, at);
            statement.Bind(parameter++, _batch);
        }
    }

    private (long Uid, long Sid, int Done) NextPair()
    {
        while (true)
        {
            _next = (_next + 1) % _swipers.Length;
            if (_pairs.TryNext(_next, out var sid, out var done))
                return (_swipers[_next], sid, done);
            _pairs = WithNewSwipers();
        }
    }

    private SwipePairs WithNewSwipers()
    {
        for (var i = 0; i < _swipers.Length; i++)
            _swipers[i] = _random.NextInt64();
        return new SwipePairs(_swipers, _people);
    }
}
