using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Swiper.Storage.Redis;

/// <summary>
/// Holds the current Redis client. A driver's client can report being connected and yet receive no answers; a caller that gets none for a
/// while has it replaced by a fresh one, whatever its state. Calls in flight on the old one are aborted.
/// </summary>
internal sealed class RedisClient : IDisposable
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly RedisOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private volatile RedisLink _current;
    private Task _replacing = Task.CompletedTask;

    public RedisClient(RedisOptions options, TimeProvider time, ILogger logger)
    {
        (_options, _time, _logger) = (options, time, logger);
        _current = new RedisLink(RedisDriver.Connect(options), time.GetTimestamp());
    }

    /// <summary>The current client; get it anew for every call.</summary>
    public RedisLink Current => _current;

    /// <summary>
    /// Replaces a client that gets no answers, unless that was done already. Takes a few deadlines at most, and never throws.
    /// </summary>
    /// <param name="silent">The client without answers.</param>
    /// <param name="what">What was waited for, for the log.</param>
    /// <param name="since">For how long.</param>
    public Task ReplaceAsync(RedisLink silent, string what, TimeSpan since)
    {
        lock (_lock)
        {
            if (_current != silent || _stopping.IsCancellationRequested)
                return Task.CompletedTask;
            if (!_replacing.IsCompleted)
                return _replacing;
            RedisLog.ReplacingClient(_logger, what, since.TotalSeconds);
            return _replacing = Task.Run(ReplaceAsync);
        }
    }

    public void Dispose()
    {
        RedisLink last;
        lock (_lock)
        {
            if (_stopping.IsCancellationRequested)
                return;
            _stopping.Cancel();
            last = _current;
        }

        // The driver may wait for an unresponsive server; don't wait for the driver.
        Task.Run(() => CloseAsync(last.Client)).Wait(3 * _options.Deadline);
    }

    private async Task ReplaceAsync()
    {
        var connecting = RedisDriver.ConnectAsync(_options);
        try
        {
            // Gives the driver time to connect to all servers of a cluster, but with a bound.
            var fresh = await connecting.WaitAsync(5 * _options.Deadline, _stopping.Token).ConfigureAwait(false);
            lock (_lock)
            {
                if (_stopping.IsCancellationRequested)
                {
                    _ = CloseAsync(fresh);
                    return;
                }
                _ = CloseSoonAsync(_current.Client);
                _current = new RedisLink(fresh, _time.GetTimestamp());
            }
        }
        catch (Exception exception)
        {
            _ = connecting.ContinueWith(
                late => CloseAsync(late.Result),
                CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
            if (!_stopping.IsCancellationRequested)
                RedisLog.NotReplaced(_logger, exception);
        }
    }

    // By then its callers have given up: a call takes two deadlines at most.
    private async Task CloseSoonAsync(ConnectionMultiplexer client)
    {
        await Task.Delay(3 * _options.Deadline, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await CloseAsync(client).ConfigureAwait(false);
    }

    private async Task CloseAsync(ConnectionMultiplexer client)
    {
        try
        {
            // Without QUIT, whose reply would be waited for.
            await client.CloseAsync(allowCommandsToComplete: false).ConfigureAwait(false);
            await client.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            RedisLog.Faulted(_logger, exception);
        }
    }
}

/// <summary>A driver's client while it is in use.</summary>
/// <param name="client">The client.</param>
/// <param name="since">The timestamp at which it came into use.</param>
internal sealed class RedisLink(ConnectionMultiplexer client, long since)
{
    public ConnectionMultiplexer Client => client;

    public IDatabase Database { get; } = client.GetDatabase();

    public ISubscriber Subscriber { get; } = client.GetSubscriber();

    public long Since => since;
}
