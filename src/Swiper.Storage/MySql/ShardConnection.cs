using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Swiper.Core.Dispatch;

namespace Swiper.Storage.MySql;

/// <summary>
/// One connection to a shard, used by one thread at a time. It opens on first use and reopens after a failure, but never inside a
/// transaction, the rest of which would commit row by row. Statements are prepared once per connection and cached by their text.
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
    /// <param name="deadline">
    /// The time limit of one call, or of all between <see cref="StartDeadline"/> and <see cref="EndDeadline"/>.
    /// </param>
    /// <param name="clock">Measures the deadline.</param>
    public ShardConnection(string connectionString, TimeSpan deadline, TimeProvider clock)
    {
        _connectionString = connectionString;
        _deadline = deadline;
        _clock = clock;
    }

    /// <summary>Whether a driver threw that for a broken connection without saying so.</summary>
    public static bool IsBroken(Exception exception, DbConnection? connection) =>
        exception is not (DbException or StoreUnavailableException) && connection is not { State: ConnectionState.Open };

    public static IOException Broken(Exception exception) => new("The connection broke.", exception);

    /// <summary>
    /// Whether a driver threw that for a connection that could not be opened without saying so: it lets some handshake failures escape.
    /// </summary>
    public static bool IsNotOpened(Exception exception) => exception is not (DbException or IOException or TimeoutException);

    public static IOException NotOpened(Exception exception) => new("The connection could not be opened.", exception);

    public bool InTransaction => _inTransaction;

    /// <summary>What one call may take, or all between <see cref="StartDeadline"/> and <see cref="EndDeadline"/>.</summary>
    public TimeSpan Deadline => _deadline;

    /// <summary>Until <see cref="EndDeadline"/> all calls share one deadline, which starts now.</summary>
    public void StartDeadline()
    {
        _started = _clock.GetTimestamp();
        _timed = true;
    }

    public void EndDeadline() => _timed = false;

    /// <summary>Whether the deadline that began with <see cref="StartDeadline"/> has passed.</summary>
    public bool DeadlinePassed => _timed && Remaining <= TimeSpan.Zero;

    /// <summary>A statement with this many parameters; the same instance for the same text.</summary>
    public ShardStatement Statement(string sql, int parameters)
    {
        if (!_statements.TryGetValue(sql, out var statement))
            _statements.Add(sql, statement = new ShardStatement(sql, parameters));
        ArgumentOutOfRangeException.ThrowIfNotEqual(parameters, statement.Parameters);
        return statement;
    }

    /// <summary>Runs a prepared statement and returns the number of rows it inserted, deleted or changed.</summary>
    public int Execute(string sql, params ReadOnlySpan<object?> values) => Execute(Bound(sql, values));

    /// <inheritdoc cref="Execute(string, ReadOnlySpan{object?})"/>
    public int Execute(ShardStatement statement) =>
        Guard((statement, connection: Open(), TimeoutSeconds()), static run =>
            run.statement.Ready(run.connection, run.Item3).ExecuteNonQuery());

    /// <summary>Runs SQL that can't be prepared, such as DDL. It must never contain external values.</summary>
    public int ExecuteText(string sql)
    {
        var connection = Open();
        _text ??= connection.CreateCommand();
        _text.CommandText = sql;
        _text.CommandTimeout = TimeoutSeconds();
        return Guard(_text, static command => command.ExecuteNonQuery());
    }

    /// <summary>The first column of the first row; null without a row or for NULL.</summary>
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
    /// As <see cref="Query{TState}(ShardStatement, TState, Action{DbDataReader, TState})"/>, without blocking a thread.
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
        // A transaction that was left open has no owner any more.
        if (_inTransaction)
            Rollback();
        ExecuteText("BEGIN");
        _inTransaction = true;
    }

    /// <summary>
    /// Runs ADO.NET code in a transaction, which its first statement begins unless one is open, and which <see cref="Commit()"/> or
    /// <see cref="Rollback"/> ends.
    /// </summary>
    public TResult Run<TArgument, TResult>(TArgument argument, Func<DbConnection, TArgument, TResult> work)
    {
        var connection = Open();
        _inTransaction = true;
        return Guard((connection, argument, work), static run => run.work(run.connection, run.argument));
    }

    /// <summary>Opens a read-only transaction with a consistent snapshot of all tables.</summary>
    public void BeginSnapshot()
    {
        if (_inTransaction)
            Rollback();
        ExecuteText("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
        ExecuteText("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY");
        _inTransaction = true;
    }

    /// <summary>
    /// Returns once everything since <see cref="Begin"/> is durable. If it throws because the connection broke, the outcome is unknown: it
    /// may be durable, now or a little later.
    /// </summary>
    public void Commit() => Commit(last: null);

    /// <inheritdoc cref="Commit()"/>
    /// <param name="last">A statement to be sent with it; it must never contain external values.</param>
    public void Commit(string? last)
    {
        if (!_inTransaction)
            throw new InvalidOperationException("There is no transaction.");
        ExecuteText(last is null ? "COMMIT" : $"{last}; COMMIT");
        _inTransaction = false;
    }

    /// <summary>
    /// Rolls back everything since <see cref="Begin"/>; harmless without it. Never throws: if the rollback fails the connection is closed,
    /// and the server rolls back.
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
            // Whatever failed: a BEGIN on this connection would commit what must be rolled back.
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
            // It is being closed because it is broken.
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
            if (IsNotOpened(exception))
                throw NotOpened(exception);
            throw;
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
            if (IsNotOpened(exception))
                throw NotOpened(exception);
            throw;
        }
    }

    /// <summary>The connection if it is open; otherwise closes what is left of it, if that is allowed now.</summary>
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

    /// <summary>The rest of the deadline, in the whole seconds that drivers use.</summary>
    private int TimeoutSeconds()
    {
        var left = _timed ? Remaining : _deadline;
        // With less, the driver could time out while the server still waits for a lock, which would look like a hung server.
        if (left <= (_timed ? LongestLockWait : TimeSpan.Zero))
            throw new DeadlinePassedException();
        return (int)Math.Ceiling(left.TotalSeconds);
    }

    /// <summary>Translates everything a driver throws for a broken connection into one exception type.</summary>
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

    private bool IsBroken(Exception exception) => IsBroken(exception, _connection);
}
