using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Swiper.Storage.Redis;

/// <summary>
/// The way to Redis. A driver's client can be connected, by its own account, and bring no answers any more; whoever gets none for a
/// while has it replaced by a fresh one, whatever state the old one is in. What is under way on the old one ends there.
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

    /// <summary>To be asked for with every call, and not to be kept.</summary>
    public RedisLink Current => _current;

    /// <summary>
    /// Puts a fresh client in the place of one that brings no answers, unless that was done already. Takes some deadlines at most, and
    /// never throws.
    /// </summary>
    /// <param name="silent">The one that brings none.</param>
    /// <param name="what">Whose answers were waited for, for the log.</param>
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

        // The driver may wait for a server that does not answer; nobody waits for the driver.
        Task.Run(() => CloseAsync(last.Client)).Wait(3 * _options.Deadline);
    }

    private async Task ReplaceAsync()
    {
        var connecting = RedisDriver.ConnectAsync(_options);
        try
        {
            // The driver has the time to connect to all servers of a cluster, and does not get to keep us waiting.
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

    // Whatever was asked of it is given up by then: a call takes two deadlines at most.
    private async Task CloseSoonAsync(ConnectionMultiplexer client)
    {
        await Task.Delay(3 * _options.Deadline, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await CloseAsync(client).ConfigureAwait(false);
    }

    private async Task CloseAsync(ConnectionMultiplexer client)
    {
        try
        {
            // Without a good-bye: it would be waited for.
            await client.CloseAsync(allowCommandsToComplete: false).ConfigureAwait(false);
            await client.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            RedisLog.Faulted(_logger, exception);
        }
    }
}

/// <summary>One of the driver's clients, for as long as it serves.</summary>
/// <param name="client">It.</param>
/// <param name="since">The timestamp of when it began to.</param>
internal sealed class RedisLink(ConnectionMultiplexer client, long since)
{
    public ConnectionMultiplexer Client => client;

    public IDatabase Database { get; } = client.GetDatabase();

    public ISubscriber Subscriber { get; } = client.GetSubscriber();

    public long Since => since;
}
