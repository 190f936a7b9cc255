using System.Data;
using System.Data.Common;
using Dapper;
using MySqlConnector;
using Polly;
using Polly.Retry;
using Swiper.Core.Dispatch;
using Swiper.Storage.Metrics;

namespace Swiper.Storage.MySql;

/// <summary>One shard's server as seen by a host: connections, deadlines, retries, and the circuit breaker.</summary>
/// <remarks>
/// Streaming work (the writing lane, whole tables at a start or a rebuild) owns a <see cref="ShardConnection"/> and blocks its thread,
/// which is cheaper for prepared statements of many rows. Occasional queries take a pooled connection and block no thread.
/// </remarks>
internal sealed class ShardServer : IDisposable
{
    /// <summary>Opens a transaction, at the isolation level that each connection was given.</summary>
    public const string Begin = "START TRANSACTION; ";

    public static readonly TimeSpan DefaultDeadline = TimeSpan.FromSeconds(3);

    // A lock wait, which the server ends after a second, must not look like an unresponsive server.
    private static readonly TimeSpan ShortestDeadline = TimeSpan.FromSeconds(2);

    // Concurrent queries and transactions. More of them queue here, not at the server.
    private const int MostQueries = 8;

    /// <summary>The most connections that it has by itself: those of queries, and that of the breaker's probe.</summary>
    public const int MostConnections = MostQueries + 1;

    private static readonly ResiliencePropertyKey<long> StartedKey = new("started");
    private static readonly ResiliencePropertyKey<TimeSpan> DeadlineKey = new("deadline");

    private readonly string _connectionString;
    private readonly TimeSpan _connectTimeout;
    private readonly TimeProvider _clock;
    private readonly ResiliencePipeline _retry;
    private readonly ShardBreaker _breaker;
    private readonly MySqlDataSource _pool;
    private readonly SemaphoreSlim _turns = new(MostQueries);

    /// <param name="number">The shard's number.</param>
    /// <param name="connectionString">The operator's connection string.</param>
    /// <param name="deadline">
    /// The time limit of a call, retries included: at least 2 s, rounded up to the whole seconds that the driver uses.
    /// </param>
    /// <param name="changed">Called with the cause when the shard becomes unavailable, and with null when it is back.</param>
    /// <param name="clock">Measures deadlines.</param>
    /// <exception cref="ArgumentException">The connection string is wrong; the message is for the operator.</exception>
    public ShardServer(int number, string connectionString, TimeSpan? deadline = null, Action<Exception?>? changed = null,
        TimeProvider? clock = null)
    {
        Number = number;
        Deadline = deadline ?? DefaultDeadline;
        ArgumentOutOfRangeException.ThrowIfLessThan(Deadline, ShortestDeadline, nameof(deadline));
        _connectTimeout = TimeSpan.FromSeconds(Math.Max(1, Math.Floor(Deadline.TotalSeconds / 2)));
        _connectionString = MySqlDriver.Configure(connectionString, _connectTimeout, Deadline);
        _pool = MySqlDriver.CreatePool(MySqlDriver.Configure(connectionString, _connectTimeout, Deadline, pooled: MostQueries));
        Name = MySqlDriver.NameOf(connectionString);
        _clock = clock ?? TimeProvider.System;
        _retry = RetryFor(_clock);
        _breaker = new ShardBreaker(ProbeAsync, changed);
    }

    public int Number { get; }

    /// <summary>Server, port and database, for messages.</summary>
    public string Name { get; }

    public TimeSpan Deadline { get; }

    /// <summary>
    /// False from the first call that failed for a whole deadline until the server answers again: meanwhile all calls fail at once.
    /// </summary>
    public bool IsAvailable => _breaker.Failure is null;

    /// <summary>Calls that were sent; while the breaker is open there are none.</summary>
    public CallCounts Calls { get; } = new();

    /// <summary>A dedicated connection for the caller, opened on first use.</summary>
    /// <param name="deadline">For work that takes longer than a call, such as a rebuild.</param>
    public ShardConnection Connect(TimeSpan? deadline = null) => new(_connectionString, deadline ?? Deadline, _clock);

    /// <summary>
    /// Runs an attempt, and retries transient failures while the deadline allows. An attempt rolls back before it throws and must be
    /// idempotent, because a connection that breaks during a commit leaves the outcome unknown.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The breaker is open; nothing was sent.</exception>
    public void Run<TState>(ShardConnection connection, TState state, Action<TState> attempt)
    {
        var context = Start(connection.Deadline);
        connection.StartDeadline();
        try
        {
            _retry.Execute(
                static (_, arguments) => arguments.Server.Try(arguments.Connection, arguments.State, arguments.Attempt),
                context,
                (Server: this, Connection: connection, State: state, Attempt: attempt));
            Calls.Succeeded();
        }
        catch (Exception exception) when (Failed(exception))
        {
            throw;
        }
        finally
        {
            connection.EndDeadline();
            ResilienceContextPool.Shared.Return(context);
        }
    }

    /// <inheritdoc cref="Run{TState}(ShardConnection, TState, Action{TState})"/>
    public void Run(ShardConnection connection, Action attempt) => Run(connection, attempt, static attempt => attempt());

    /// <summary>As <see cref="Run{TState}(ShardConnection, TState, Action{TState})"/>, without blocking a thread.</summary>
    public async ValueTask RunAsync<TState>(ShardConnection connection, TState state, Func<TState, ValueTask> attempt)
    {
        var context = Start(connection.Deadline);
        connection.StartDeadline();
        try
        {
            await _retry.ExecuteAsync(
                static (_, arguments) => arguments.Server.TryAsync(arguments.Connection, arguments.State, arguments.Attempt),
                context,
                (Server: this, Connection: connection, State: state, Attempt: attempt)).ConfigureAwait(false);
            Calls.Succeeded();
        }
        catch (Exception exception) when (Failed(exception))
        {
            throw;
        }
        finally
        {
            connection.EndDeadline();
            ResilienceContextPool.Shared.Return(context);
        }
    }

    /// <summary>
    /// Runs a query on a pooled connection, and retries transient failures; it must leave no transaction open. Waits at most a deadline
    /// for its turn, another to connect, and another for the answer.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The breaker is open, or the queue is too slow; nothing was sent.</exception>
    public ValueTask<TResult> QueryAsync<TArgument, TResult>(TArgument argument, Func<DbConnection, TArgument, Task<TResult>> query) =>
        RunPooledAsync((argument, query), static async (connection, arguments) =>
            await arguments.query(connection, arguments.argument).ConfigureAwait(false));

    /// <summary>
    /// Runs the work as one transaction on a pooled connection, and runs it again after a deadlock or a connection that was lost before
    /// the commit. It waits as <see cref="QueryAsync"/> does. The work begins the transaction, with <see cref="Begin"/> before its first
    /// statement, and returns the statement to be sent with the commit, if any: neither is a round trip of its own.
    /// </summary>
    /// <exception cref="StoreUnavailableException">
    /// As there; or the connection was lost during the commit, which may have succeeded.
    /// </exception>
    public ValueTask<TResult> TransactAsync<TResult>(Func<DbConnection, Task<(TResult Result, string? Last)>> work) =>
        RunPooledAsync(work, static async (connection, work) =>
        {
            try
            {
                var (result, last) = await work(connection).ConfigureAwait(false);
                await CommitAsync(connection, last).ConfigureAwait(false);
                return result;
            }
            catch
            {
                await RollBackAsync(connection).ConfigureAwait(false);
                throw;
            }
        });

    /// <summary>Not transient: running it again could write everything twice.</summary>
    public static StoreUnavailableException LostInCommit(Exception cause) => new("The connection was lost during the commit.", cause);

    private static async ValueTask CommitAsync(DbConnection connection, string? last)
    {
        // Dapper would open it again, and the commit of nothing would succeed.
        if (connection.State != ConnectionState.Open)
            throw new IOException("The connection broke inside a transaction.");
        try
        {
            await connection.ExecuteAsync(last is null ? "COMMIT" : $"{last}; COMMIT").ConfigureAwait(false);
        }
        catch (Exception exception) when (
            TransientErrors.KindOf(exception) == ShardFailure.Unreachable || ShardConnection.IsBroken(exception, connection))
        {
            throw LostInCommit(exception);
        }
    }

    private static async ValueTask RollBackAsync(DbConnection connection)
    {
        // The transaction is lost with it.
        if (connection.State != ConnectionState.Open)
            return;
        try
        {
            await connection.ExecuteAsync("ROLLBACK").ConfigureAwait(false);
        }
        catch (Exception exception) when (
            TransientErrors.KindOf(exception) != ShardFailure.None || ShardConnection.IsBroken(exception, connection))
        {
            // The connection is lost, the transaction with it, and the pool does not take it back.
        }
    }

    private async ValueTask<TResult> RunPooledAsync<TState, TResult>(TState state, Func<DbConnection, TState, ValueTask<TResult>> work)
    {
        if (!await _turns.WaitAsync(Deadline).ConfigureAwait(false))
            throw new StoreUnavailableException(
                $"Shard {Number} answers too slowly: {MostQueries} queries have been in flight for {Deadline.TotalSeconds} s.");
        var context = Start(Deadline);
        try
        {
            var result = await _retry.ExecuteAsync(
                static (_, arguments) => arguments.Server.TryPooledAsync(arguments.State, arguments.Work),
                context,
                (Server: this, State: state, Work: work)).ConfigureAwait(false);
            Calls.Succeeded();
            return result;
        }
        catch (Exception exception) when (Failed(exception))
        {
            throw;
        }
        finally
        {
            _turns.Release();
            ResilienceContextPool.Shared.Return(context);
        }
    }

    /// <summary>Stops the breaker and the pool; later queries fail.</summary>
    public void Dispose()
    {
        _breaker.Dispose();
        _pool.Dispose();
    }

    // Five tries, the last about 0.4 s after the first: a deadlock is over by then, and often a server restart.
    private static ResiliencePipeline RetryFor(TimeProvider clock) => new ResiliencePipelineBuilder { TimeProvider = clock }
        .AddRetry(new RetryStrategyOptions
        {
            // With less than half of the deadline left an attempt might time out and look like a worse failure.
            ShouldHandle = args => ValueTask.FromResult(
                args.Outcome.Exception is { } exception
                && TransientErrors.IsTransient(exception)
                && args.Context.Properties.TryGetValue(StartedKey, out var started)
                && args.Context.Properties.TryGetValue(DeadlineKey, out var deadline)
                && clock.GetElapsedTime(started) <= deadline / 2),
            MaxRetryAttempts = 5,
            Delay = TimeSpan.FromMilliseconds(10),
            MaxDelay = TimeSpan.FromMilliseconds(300),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
        })
        .Build();

    private ResilienceContext Start(TimeSpan deadline)
    {
        var context = ResilienceContextPool.Shared.Get();
        context.Properties.Set(StartedKey, _clock.GetTimestamp());
        context.Properties.Set(DeadlineKey, deadline);
        return context;
    }

    private void Try<TState>(ShardConnection connection, TState state, Action<TState> attempt)
    {
        ThrowWhileUnavailable();
        try
        {
            attempt(state);
        }
        catch (Exception exception) when (TransientErrors.KindOf(exception) == ShardFailure.Unreachable)
        {
            // Close it whatever the driver's view: a late answer must not be taken for that of the next statement.
            connection.Close();
            throw;
        }
    }

    private async ValueTask TryAsync<TState>(ShardConnection connection, TState state, Func<TState, ValueTask> attempt)
    {
        ThrowWhileUnavailable();
        try
        {
            await attempt(state).ConfigureAwait(false);
        }
        catch (Exception exception) when (TransientErrors.KindOf(exception) == ShardFailure.Unreachable)
        {
            connection.Close();
            throw;
        }
    }

    private async ValueTask<TResult> TryPooledAsync<TState, TResult>(TState state, Func<DbConnection, TState, ValueTask<TResult>> work)
    {
        ThrowWhileUnavailable();
        var connection = await OpenPooledAsync().ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            try
            {
                return await work(connection, state).ConfigureAwait(false);
            }
            catch (Exception exception) when (ShardConnection.IsBroken(exception, connection))
            {
                throw ShardConnection.Broken(exception);
            }
        }
    }

    private async ValueTask<DbConnection> OpenPooledAsync()
    {
        try
        {
            return await _pool.OpenConnectionAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (ShardConnection.IsNotOpened(exception))
        {
            throw ShardConnection.NotOpened(exception);
        }
    }

    private void ThrowWhileUnavailable()
    {
        if (_breaker.Failure is { } failure)
            throw new StoreUnavailableException($"Shard {Number} does not answer.", failure);
    }

    /// <summary>Counts the failure, and opens the breaker if it calls for that. Always false: the exception propagates.</summary>
    private bool Failed(Exception exception)
    {
        if (TransientErrors.IsTimeout(exception))
            Calls.TimedOut();
        else if (exception is not StoreUnavailableException)
            Calls.Failed();
        if (TransientErrors.KindOf(exception) == ShardFailure.Unreachable)
            _breaker.Open(exception);
        return false;
    }

    private async ValueTask ProbeAsync(Exception failure, CancellationToken cancellation)
    {
        var connection = MySqlDriver.Create(_connectionString);
        await using (connection.ConfigureAwait(false))
        {
            await connection.OpenAsync(cancellation).ConfigureAwait(false);
            var command = connection.CreateCommand();
            await using (command.ConfigureAwait(false))
            {
                command.CommandText = "SELECT CAST(@@global.read_only AS CHAR) NOT IN ('0', 'OFF')";
                command.CommandTimeout = (int)Math.Ceiling(_connectTimeout.TotalSeconds);
                var readOnly = Convert.ToInt64(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false), null) != 0;
                // Only if that was the failure: a privileged account may write to a server that is read-only for others.
                if (readOnly && TransientErrors.IsReadOnly(failure))
                    throw new IOException("The server is read-only.");
            }
        }
    }
}
