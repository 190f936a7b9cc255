using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Swiper.Storage.Redis;

/// <summary>
/// Small messages from each host to all, itself included, by publish/subscribe: delivered at most once, lost while Redis is down. A host
/// that does not receive its own heartbeat subscribes again, because a client can lose a subscription without noticing, and eventually has
/// the client replaced.
/// </summary>
internal sealed class HostMessages : IDisposable
{
    private const string ChannelName = "swiper:hosts";
    private const byte Heartbeat = 0;
    private const byte Message = 1;
    private const int HostBytes = 16;

    private static readonly TimeSpan RememberedFor = TimeSpan.FromMinutes(1);

    private readonly RedisClient _client;
    private readonly RedisSilence _silence;
    private readonly RedisChannel _channel = RedisDriver.Channel(ChannelName);
    private readonly TimeSpan _period;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly byte[] _host;
    private readonly ConcurrentDictionary<Guid, HostHeard> _others = new();
    private readonly CancellationTokenSource _stopping = new();
    private volatile bool _heard;
    private volatile byte[] _status = [];
    private long _heardAt;
    private RedisLink? _subscribed; // of the loop

    /// <param name="client">The client, which the caller disposes.</param>
    /// <param name="options">A heartbeat is sent every <see cref="RedisOptions.ProbePeriod"/>.</param>
    /// <param name="host">Identifies this host to the others.</param>
    /// <param name="time">Measures the time without a heartbeat.</param>
    /// <param name="logger">Logs unexpected exceptions.</param>
    public HostMessages(RedisClient client, RedisOptions options, Guid host, TimeProvider time, ILogger logger)
    {
        (_time, _host, _heardAt) = (time, host.ToByteArray(), time.GetTimestamp());
        _client = client;
        _silence = new RedisSilence(client, "the channel between hosts", options.ReplaceAfter, time);
        _period = options.ProbePeriod;
        _logger = logger;
        _ = Task.Run(ListenAsync);
    }

    /// <summary>
    /// Raised for a message from any host, on any thread, possibly concurrently; handlers must be quick. Duplicates are not removed.
    /// </summary>
    public event Action<ReadOnlyMemory<byte>>? Received;

    /// <summary>Whether the last heartbeat came back; if not, messages are being missed.</summary>
    public bool IsListening => _heard;

    /// <summary>How long ago the last heartbeat came back, or, while none has, the listening began.</summary>
    public TimeSpan SilentFor => _time.GetElapsedTime(Volatile.Read(ref _heardAt));

    /// <summary>The hosts whose heartbeats came in the last minute, this one aside.</summary>
    public IReadOnlyDictionary<Guid, HostHeard> Others => _others;

    /// <summary>Tells the other hosts, with each heartbeat, how this one is doing.</summary>
    public void Tell(byte[] status) => _status = status;

    /// <summary>Sends a message; it is lost if Redis is down. Never blocks, never throws.</summary>
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
            // Lost, as documented.
        }
        catch (Exception exception)
        {
            RedisLog.Faulted(_logger, exception);
        }
    }

    // Observe the exception, or it would reach the process-wide handler of unobserved ones.
    private static void Forget(Task task) =>
        _ = task.ContinueWith(static failed =>
            _ = failed.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);

    private async Task ListenAsync()
    {
        using var timer = new PeriodicTimer(_period);
        do
            await TryTurnAsync().ConfigureAwait(false);
        while (await IsNextAsync(timer).ConfigureAwait(false));

        await UnsubscribeAsync().ConfigureAwait(false);
    }

    private async Task TryTurnAsync()
    {
        try
        {
            await TurnAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // Whatever it is: the next turn subscribes again unless the heartbeat has come back.
            RedisLog.Faulted(_logger, exception);
        }
    }

    private async Task TurnAsync()
    {
        var heard = _heard;
        _heard = false;
        if (heard)
            _silence.End();
        else
            await _silence.GoOnAsync().ConfigureAwait(false);
        // Even if the heartbeat came back: the client may have been replaced on another's behalf.
        if (!heard || _subscribed != _client.Current)
        {
            await UnsubscribeAsync().ConfigureAwait(false);
            var link = _subscribed = _client.Current;
            await AwaitAsync(() => link.Subscriber.SubscribeAsync(_channel, OnMessage)).ConfigureAwait(false);
        }
        Send([Heartbeat, .. _host, .. _status]);
        ForgetThoseGone();
    }

    private void ForgetThoseGone()
    {
        foreach (var (host, heard) in _others)
        {
            if (_time.GetElapsedTime(heard.At) > RememberedFor)
                _others.TryRemove(host, out _);
        }
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

    private Task UnsubscribeAsync() => _subscribed is { } link
        ? AwaitAsync(() => link.Subscriber.UnsubscribeAsync(_channel, OnMessage))
        : Task.CompletedTask;

    // If subscribing fails, the next heartbeat will be missed too.
    private async Task AwaitAsync(Func<Task> call)
    {
        try
        {
            await call().WaitAsync(_period).ConfigureAwait(false);
        }
        catch (Exception exception) when (RedisDriver.IsNoAnswer(exception))
        {
        }
        catch (Exception exception)
        {
            RedisLog.Faulted(_logger, exception);
        }
    }

    private void OnMessage(RedisChannel channel, RedisValue value)
    {
        if ((byte[]?)value is not { Length: > 0 } bytes)
            return;
        try
        {
            if (bytes[0] == Heartbeat)
                HearHeartbeat(bytes.AsSpan(1));
            else
                Received?.Invoke(bytes.AsMemory(1));
        }
        catch (Exception exception)
        {
            RedisLog.Faulted(_logger, exception);
        }
    }

    private void HearHeartbeat(ReadOnlySpan<byte> heartbeat)
    {
        if (heartbeat.Length < HostBytes)
            return;
        var now = _time.GetTimestamp();
        if (heartbeat[..HostBytes].SequenceEqual(_host))
        {
            _heard = true;
            Volatile.Write(ref _heardAt, now);
        }
        else
        {
            _others[new Guid(heartbeat[..HostBytes])] = new HostHeard(now, heartbeat[HostBytes..].ToArray());
        }
    }
}

/// <summary>Another host, as its last heartbeat told.</summary>
/// <param name="At">A timestamp.</param>
/// <param name="Status">What it says of itself; empty if it is of a version that says nothing.</param>
internal sealed record HostHeard(long At, byte[] Status);
