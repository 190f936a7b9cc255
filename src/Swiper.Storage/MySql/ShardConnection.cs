using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace Swiper.Storage.MySql;

/// <summary>
/// One connection to a shard, used by one thread at a time. It opens when first used and again after a failure, but never inside a
/// transaction: what is left of one would commit row by row. Statements are prepared once a connection
/// and cached by their text.
/// </summary>
internal sealed class ShardConnection : IDisposable
{
    private static readonly TimeSpan LongestLockWait = TimeSpan.FromSeconds(1); // as in MySqlDriver.SessionSettings

    private readonly string _connectionString;
    private readonly TimeSpan _deadline;
    private readonly TimeProvider _clock;
    private readonly Dictionary<string, ShardStatement> _statements = new(StringComparer.Ordinal);
    private DbConnection? _connection;
    private DbCommand? _text;
    private bool _inTransaction;
    private long _started;
    private bool _timed;

    /// <param name="connectionString">From <see cref="MySqlDriver.Configure"/>.</param>
    /// <param name="deadline">What one call may take, or all between <see cref="StartDeadline"/> and <see cref="EndDeadline"/>.</param>
    /// <param name="clock">Measures the deadline.</param>
    public ShardConnection(string connectionString, TimeSpan deadline, TimeProvider clock)
    {
        _connectionString = connectionString;
        _deadline = deadline;
        _clock = clock;
    }

    public bool InTransaction => _inTransaction;

    /// <summary>What one call may take, or all between <see cref="StartDeadline"/> and <see cref="EndDeadline"/>.</summary>
    public TimeSpan Deadline => _deadline;

    /// <summary>From now until <see cref="EndDeadline"/> all calls together may take no longer than the deadline.</summary>
    public void StartDeadline()
    {
        _started = _clock.GetTimestamp();
        _timed = true;
    }

    public void EndDeadline() => _timed = false;

    /// <summary>Whether what began with <see cref="StartDeadline"/> has used up its time.</summary>
    public bool DeadlinePassed => _timed && Remaining <= TimeSpan.Zero;

    /// <summary>A statement with so many parameters; the same instance for the same text.</summary>
    public ShardStatement Statement(string sql, int parameters)
    {
        if (!_statements.TryGetValue(sql, out var statement))
            _statements.Add(sql, statement = new ShardStatement(sql, parameters));
        ArgumentOutOfRangeException.ThrowIfNotEqual(parameters, statement.Parameters);
        return statement;
    }

    /// <summary>Runs a prepared statement; the number of rows that it inserted, deleted or changed.</summary>
    public int Execute(string sql, params ReadOnlySpan<object?> values) => Execute(Bound(sql, values));

    /// <inheritdoc cref="Execute(string, ReadOnlySpan{object?})"/>
    public int Execute(ShardStatement statement) =>
        Guard((statement, connection: Open(), TimeoutSeconds()), static run =>
            run.statement.Ready(run.connection, run.Item3).ExecuteNonQuery());

    /// <summary>Runs SQL of our own that can't be prepared, such as DDL. Never with a value in it that came from outside.</summary>
    public int ExecuteText(string sql)
    {
        var connection = Open();
        _text ??= connection.CreateCommand();
        _text.CommandText = sql;
        _text.CommandTimeout = TimeoutSeconds();
        return Guard(_text, static command => command.ExecuteNonQuery());
    }

    /// <summary>The first column of the first row; null without a row and for NULL.</summary>
    public long? ScalarInt64(string sql, params ReadOnlySpan<object?> values)
    {
        long? found = null;
        using var reader = Read(Bound(sql, values));
        if (Next(reader) && !reader.IsDBNull(0))
            found = reader.GetInt64(0);
        return found;
    }

    /// <inheritdoc cref="ScalarInt64"/>
    public string? ScalarText(string sql, params ReadOnlySpan<object?> values)
    {
        using var reader = Read(Bound(sql, values));
        return Next(reader) && !reader.IsDBNull(0) ? reader.GetString(0) : null;
    }

    /// <summary>Calls back for every row. The callback must not use this connection.</summary>
    public void Query(string sql, ReadOnlySpan<object?> values, Action<DbDataReader> row) =>
        Query(Bound(sql, values), row, static (reader, row) => row(reader));

    /// <inheritdoc cref="Query(string, ReadOnlySpan{object?}, Action{DbDataReader})"/>
    public void Query<TState>(string sql, ReadOnlySpan<object?> values, TState state, Action<DbDataReader, TState> row) =>
        Query(Bound(sql, values), state, row);

    public void Query<TState>(ShardStatement statement, TState state, Action<DbDataReader, TState> row)
    {
        using var reader = Read(statement);
        while (Next(reader))
            row(reader, state);
    }

    /// <summary>
    /// As <see cref="Query{TState}(ShardStatement, TState, Action{DbDataReader, TState})"/>, without a thread that waits.
    /// </summary>
    public async ValueTask QueryAsync<TState>(ShardStatement statement, TState state, Action<DbDataReader, TState> row)
    {
        var connection = await OpenAsync().ConfigureAwait(false);
        try
        {
            var command = await statement.ReadyAsync(connection, TimeoutSeconds()).ConfigureAwait(false);
            var reader = await command.ExecuteReaderAsync().ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                while (await reader.ReadAsync().ConfigureAwait(false))
                    row(reader, state);
            }
        }
        catch (Exception exception) when (IsBroken(exception))
        {
            throw Broken(exception);
        }
    }

    /// <summary>Opens a transaction.</summary>
    public void Begin()
    {
        // One that was left open belongs to nobody any more.
        if (_inTransaction)
            Rollback();
        ExecuteText("BEGIN");
        _inTransaction = true;
    }

    /// <summary>Opens a transaction that reads all tables as they are now until it is rolled back, and writes nothing.</summary>
    public void BeginSnapshot()
    {
        if (_inTransaction)
            Rollback();
        ExecuteText("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
        ExecuteText("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY");
        _inTransaction = true;
    }

    /// <summary>
    /// Returns when all since <see cref="Begin"/> is durable. Where it throws because the connection broke, nobody knows: it may be
    /// durable all the same, now or in a while.
    /// </summary>
    public void Commit()
    {
        if (!_inTransaction)
            throw new InvalidOperationException("There is no transaction.");
        ExecuteText("COMMIT");
        _inTransaction = false;
    }

    /// <summary>
    /// Forgets all since <see cref="Begin"/>; harmless without it. Never throws: a connection that can't say so is closed, and the
    /// server forgets.
    /// </summary>
    public void Rollback()
    {
        if (!_inTransaction)
            return;
        try
        {
            if (_connection is { State: ConnectionState.Open } && !DeadlinePassed)
                ExecuteText("ROLLBACK");
            else
                Close();
        }
        catch (Exception)
        {
            // Whatever it was: a BEGIN on this connection would commit what is to be forgotten.
            Close();
        }

        _inTransaction = false;
    }

    /// <summary>The next use opens a new connection.</summary>
    public void Close()
    {
        foreach (var statement in _statements.Values)
            statement.Forget();
        _text = null;
        _inTransaction = false;
        var connection = _connection;
        _connection = null;
        try
        {
            connection?.Dispose();
        }
        catch (Exception exception) when (exception is DbException or IOException or InvalidOperationException)
        {
            // It was broken, and that is why it is closed.
        }
    }

    public void Dispose() => Close();

    private TimeSpan Remaining => _deadline - _clock.GetElapsedTime(_started);

    private bool Next(DbDataReader reader) => Guard(reader, static reader => reader.Read());

    private ShardStatement Bound(string sql, ReadOnlySpan<object?> values)
    {
        var statement = Statement(sql, values.Length);
        statement.Bind(values);
        return statement;
    }

    private DbDataReader Read(ShardStatement statement) =>
        Guard((statement, connection: Open(), TimeoutSeconds()), static run =>
            run.statement.Ready(run.connection, run.Item3).ExecuteReader());

    private DbConnection Open()
    {
        if (TryReuse(out var open))
            return open;
        var connection = _connection = MySqlDriver.Create(_connectionString);
        try
        {
            connection.Open();
            ExecuteText(MySqlDriver.SessionSettings);
            ExecuteText(MySqlDriver.IsolationSetting);
            return connection;
        }
        catch (Exception exception)
        {
            Close();
            if (exception is DbException or IOException or TimeoutException)
                throw;
            throw NotOpened(exception);
        }
    }

    private async ValueTask<DbConnection> OpenAsync()
    {
        if (TryReuse(out var open))
            return open;
        var connection = _connection = MySqlDriver.Create(_connectionString);
        try
        {
            await connection.OpenAsync().ConfigureAwait(false);
            await MySqlDriver.SetUpAsync(connection, TimeoutSeconds(), CancellationToken.None).ConfigureAwait(false);
            return connection;
        }
        catch (Exception exception)
        {
            Close();
            if (exception is DbException or IOException or TimeoutException)
                throw;
            throw NotOpened(exception);
        }
    }

    /// <summary>The connection where it is open; else what is left of it is closed, if that is allowed now.</summary>
    private bool TryReuse([NotNullWhen(true)] out DbConnection? open)
    {
        open = _connection is { State: ConnectionState.Open } ? _connection : null;
        if (open is not null)
            return true;
        if (_inTransaction)
            throw new IOException("The connection broke inside a transaction.");
        Close();
        _ = TimeoutSeconds();
        return false;
    }

    // The driver lets some of what goes wrong while greeting escape as it is.
    private static IOException NotOpened(Exception exception) => new("The connection could not be opened.", exception);

    /// <summary>What is left of the deadline, in the drivers' whole seconds.</summary>
    private int TimeoutSeconds()
    {
        var left = _timed ? Remaining : _deadline;
        // With less the driver's time could be up while the server still waits for a lock, and that would look like a server that hangs.
        if (left <= (_timed ? LongestLockWait : TimeSpan.Zero))
            throw new DeadlinePassedException();
        return (int)Math.Ceiling(left.TotalSeconds);
    }

    /// <summary>Makes one kind of exception of all that a driver throws when its connection breaks.</summary>
    private TResult Guard<TDriver, TResult>(TDriver driver, Func<TDriver, TResult> call)
    {
        try
        {
            return call(driver);
        }
        catch (Exception exception) when (IsBroken(exception))
        {
            throw Broken(exception);
        }
    }

    private bool IsBroken(Exception exception) => exception is not DbException && _connection is not { State: ConnectionState.Open };

    private static IOException Broken(Exception exception) => new("The connection broke.", exception);
}
