using Polly;
using Polly.Retry;
using Swiper.Core.Dispatch;

namespace Swiper.Storage.MySql;

/// <summary>
/// One shard's server as a host sees it: how to connect, how long a call may take, what is tried again, and whether asking is of any use now.
/// </summary>
internal sealed class ShardServer : IDisposable
{
    public static readonly TimeSpan DefaultDeadline = TimeSpan.FromSeconds(3);

    // A lock wait, which the server ends after a second, must not look like a server that does not answer.
    private static readonly TimeSpan ShortestDeadline = TimeSpan.FromSeconds(2);

    private static readonly ResiliencePropertyKey<ShardConnection> ConnectionKey = new("connection");

    // Five tries, the last about 0.4 s after the first: a deadlock is over by then, a restart of the server often.
    private static readonly ResiliencePipeline Retry = new ResiliencePipelineBuilder()
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = static args => ValueTask.FromResult(
                args.Outcome.Exception is { } exception
                && TransientErrors.IsTransient(exception)
                && args.Context.Properties.TryGetValue(ConnectionKey, out var connection)
                && connection.HasTimeForAnother),
            MaxRetryAttempts = 5,
            Delay = TimeSpan.FromMilliseconds(10),
            MaxDelay = TimeSpan.FromMilliseconds(300),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
        })
        .Build();

    private readonly string _connectionString;
    private readonly TimeSpan _connectTimeout;
    private readonly TimeProvider _clock;
    private readonly ShardBreaker _breaker;

    /// <param name="number">The shard's number.</param>
    /// <param name="connectionString">The operator's.</param>
    /// <param name="deadline">What a call may take, its retries included: at least 2 s. Rounded up to whole seconds, in which the drivers count.</param>
    /// <param name="changed">Told why when the shard becomes unavailable, and null when it is back.</param>
    /// <param name="clock">Measures deadlines.</param>
    /// <exception cref="ArgumentException">The connection string is wrong; the message is for the operator.</exception>
    public ShardServer(int number, string connectionString, TimeSpan? deadline = null, Action<Exception?>? changed = null, TimeProvider? clock = null)
    {
        Number = number;
        Deadline = deadline ?? DefaultDeadline;
        ArgumentOutOfRangeException.ThrowIfLessThan(Deadline, ShortestDeadline, nameof(deadline));
        _connectTimeout = TimeSpan.FromSeconds(Math.Max(1, Math.Floor(Deadline.TotalSeconds / 2)));
        _connectionString = MySqlDriver.Configure(connectionString, _connectTimeout, Deadline);
        Name = MySqlDriver.NameOf(connectionString);
        _clock = clock ?? TimeProvider.System;
        _breaker = new ShardBreaker(Probe, changed);
    }

    public int Number { get; }

    /// <summary>Server, port and database, for messages.</summary>
    public string Name { get; }

    public TimeSpan Deadline { get; }

    /// <summary>False from the first call that failed for a deadline until the server answers again: meanwhile all calls fail at once.</summary>
    public bool IsAvailable => _breaker.Failure is null;

    /// <summary>A connection of the caller's own, which opens when it is first used.</summary>
    /// <param name="deadline">For work that takes longer than a call, such as a rebuild.</param>
    public ShardConnection Connect(TimeSpan? deadline = null) => new(_connectionString, deadline ?? Deadline, _clock);

    /// <summary>
    /// Runs an attempt, again where it failed for a transient reason and the deadline allows. The attempt is a whole: it rolls back what it
    /// began before it throws, and doing it twice is harmless, because a connection that breaks in a commit doesn't tell whether it was done.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The breaker is open, and nothing was asked.</exception>
    public void Run<TState>(ShardConnection connection, TState state, Action<TState> attempt)
    {
        var context = ResilienceContextPool.Shared.Get();
        context.Properties.Set(ConnectionKey, connection);
        connection.StartDeadline();
        try
        {
            Retry.Execute(
                static (_, arguments) => arguments.Server.Try(arguments.Connection, arguments.State, arguments.Attempt),
                context,
                (Server: this, Connection: connection, State: state, Attempt: attempt));
        }
        catch (Exception exception) when (TransientErrors.KindOf(exception) == ShardFailure.Unreachable)
        {
            _breaker.Open(exception);
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

    public void Dispose() => _breaker.Dispose();

    private void Try<TState>(ShardConnection connection, TState state, Action<TState> attempt)
    {
        if (_breaker.Failure is { } failure)
            throw new StoreUnavailableException($"Shard {Number} does not answer.", failure);
        try
        {
            attempt(state);
        }
        catch (Exception exception) when (TransientErrors.KindOf(exception) == ShardFailure.Unreachable)
        {
            // Whatever the driver thinks of it: a late answer must not be taken for that of the next statement.
            connection.Close();
            throw;
        }
    }

    private void Probe(Exception failure)
    {
        using var connection = new ShardConnection(_connectionString, _connectTimeout, _clock);
        var readOnly = connection.ScalarInt64("SELECT CAST(@@global.read_only AS CHAR) NOT IN ('0', 'OFF')");
        // Only where that was the trouble: an account with privileges may write to a server that is read only for others.
        if (readOnly != 0 && TransientErrors.IsReadOnly(failure))
            throw new IOException("The server is read only.");
    }
}
