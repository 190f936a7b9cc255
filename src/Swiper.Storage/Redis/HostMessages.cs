using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Swiper.Storage.Redis;

/// <summary>
/// Small messages from each host to all, itself included, by publish/subscribe: at most once, lost while Redis is away. A host that
/// does not hear its own heartbeat subscribes anew, because a client can lose a subscription without noticing, and in the end has the
/// client replaced.
/// </summary>
internal sealed class HostMessages : IDisposable
{
    private const string ChannelName = "swiper:hosts";
    private const byte Heartbeat = 0;
    private const byte Message = 1;

    private readonly RedisClient _client;
    private readonly RedisSilence _silence;
    private readonly RedisChannel _channel = RedisDriver.Channel(ChannelName);
    private readonly TimeSpan _period;
    private readonly ILogger _logger;
    private readonly byte[] _ownHeartbeat = [Heartbeat, .. Guid.NewGuid().ToByteArray()];
    private readonly CancellationTokenSource _stopping = new();
    private volatile bool _heard;

    /// <param name="client">The client, which stays its owner's.</param>
    /// <param name="options">A heartbeat is sent once a <see cref="RedisOptions.ProbePeriod"/>.</param>
    /// <param name="time">Measures how long none was heard.</param>
    /// <param name="logger">Told of handlers that throw.</param>
    public HostMessages(RedisClient client, RedisOptions options, TimeProvider time, ILogger logger)
    {
        _client = client;
        _silence = new RedisSilence(client, "the channel between hosts", options.ReplaceAfter, time);
        _period = options.ProbePeriod;
        _logger = logger;
        _ = Task.Run(ListenAsync);
    }

    /// <summary>
    /// A message from any host, on any thread, one at a time or several: to be returned from soon. What arrived twice is told twice.
    /// </summary>
    public event Action<ReadOnlyMemory<byte>>? Received;

    /// <summary>Whether the last heartbeat came back: false means that messages are being missed.</summary>
    public bool IsListening => _heard;

    /// <summary>Sends, or loses it where Redis is away. Never blocks, never throws.</summary>
    public void Publish(ReadOnlySpan<byte> message) => Send([Message, .. message]);

    public void Dispose()
    {
        _stopping.Cancel();
        Received = null;
    }

    private void Send(byte[] bytes)
    {
        try
        {
            Forget(_client.Current.Subscriber.PublishAsync(_channel, bytes));
        }
        catch (Exception exception) when (RedisDriver.IsNoAnswer(exception))
        {
            // Lost, as said.
        }
    }

    // An exception that nobody looks at must not reach the one for all such.
    private static void Forget(Task task) =>
        _ = task.ContinueWith(static failed =>
            _ = failed.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);

    private async Task ListenAsync()
    {
        using var timer = new PeriodicTimer(_period);
        RedisLink? subscribed = null;
        do
        {
            var heard = _heard;
            _heard = false;
            if (heard)
                _silence.End();
            else
                await _silence.GoOnAsync().ConfigureAwait(false);
            // Heard or not: the client may have been replaced for somebody else's sake.
            if (!heard || subscribed != _client.Current)
            {
                await UnsubscribeAsync(subscribed).ConfigureAwait(false);
                subscribed = _client.Current;
                await AwaitAsync(() => subscribed.Subscriber.SubscribeAsync(_channel, OnMessage)).ConfigureAwait(false);
            }
            Send(_ownHeartbeat);
        }
        while (await IsNextAsync(timer).ConfigureAwait(false));

        await UnsubscribeAsync(subscribed).ConfigureAwait(false);
    }

    private async Task<bool> IsNextAsync(PeriodicTimer timer)
    {
        try
        {
            return await timer.WaitForNextTickAsync(_stopping.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private Task UnsubscribeAsync(RedisLink? from) =>
        from is null ? Task.CompletedTask : AwaitAsync(() => from.Subscriber.UnsubscribeAsync(_channel, OnMessage));

    // Where it does not come about, the next heartbeat will not be heard either.
    private async Task AwaitAsync(Func<Task> call)
    {
        try
        {
            await call().WaitAsync(_period).ConfigureAwait(false);
        }
        catch (Exception exception) when (RedisDriver.IsNoAnswer(exception))
        {
        }
    }

    private void OnMessage(RedisChannel channel, RedisValue value)
    {
        if ((byte[]?)value is not { Length: > 0 } bytes)
            return;
        if (bytes[0] == Heartbeat)
        {
            if (bytes.AsSpan().SequenceEqual(_ownHeartbeat))
                _heard = true;
            return;
        }

        try
        {
            Received?.Invoke(bytes.AsMemory(1));
        }
        catch (Exception exception)
        {
            RedisLog.Faulted(_logger, exception);
        }
    }
}
