using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Swiper.Storage.Redis;

/// <summary>
/// Small messages from each host to all, itself included, by publish/subscribe: at most once, lost while Redis is away. A host that does not
/// hear its own heartbeat subscribes anew, because a client can lose a subscription without noticing.
/// </summary>
internal sealed class HostMessages : IDisposable
{
    private const string ChannelName = "swiper:hosts";
    private const byte Heartbeat = 0;
    private const byte Message = 1;

    private readonly ISubscriber _subscriber;
    private readonly RedisChannel _channel = RedisDriver.Channel(ChannelName);
    private readonly TimeSpan _period;
    private readonly ILogger _logger;
    private readonly byte[] _ownHeartbeat = [Heartbeat, .. Guid.NewGuid().ToByteArray()];
    private readonly CancellationTokenSource _stopping = new();
    private volatile bool _heard;

    /// <param name="client">The client, which stays its owner's.</param>
    /// <param name="period">Between two heartbeats.</param>
    /// <param name="logger">Told of handlers that throw.</param>
    public HostMessages(ConnectionMultiplexer client, TimeSpan period, ILogger logger)
    {
        _subscriber = client.GetSubscriber();
        _period = period;
        _logger = logger;
        _ = Task.Run(ListenAsync);
    }

    /// <summary>A message from any host, on any thread, one at a time or several: to be returned from soon. What arrived twice is told twice.</summary>
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
            Forget(_subscriber.PublishAsync(_channel, bytes));
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException or ObjectDisposedException)
        {
            // Lost, as said.
        }
    }

    // An exception that nobody looks at must not reach the one for all such.
    private static void Forget(Task task) =>
        _ = task.ContinueWith(static failed => _ = failed.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);

    private async Task ListenAsync()
    {
        using var timer = new PeriodicTimer(_period);
        try
        {
            await SubscribeAsync().ConfigureAwait(false);
            do
            {
                var heard = _heard;
                _heard = false;
                if (!heard)
                    await SubscribeAsync().ConfigureAwait(false);
                Send(_ownHeartbeat);
            }
            while (await timer.WaitForNextTickAsync(_stopping.Token).ConfigureAwait(false));
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
        {
            // Stopped, or the client went first.
        }

        Forget(_subscriber.UnsubscribeAsync(_channel, OnMessage));
    }

    private async Task SubscribeAsync()
    {
        try
        {
            await _subscriber.UnsubscribeAsync(_channel, OnMessage).WaitAsync(_period).ConfigureAwait(false);
            await _subscriber.SubscribeAsync(_channel, OnMessage).WaitAsync(_period).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            // The next heartbeat will not be heard either.
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
