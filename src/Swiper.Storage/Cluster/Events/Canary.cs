using Swiper.Storage.Cluster.Nodes;
using Swiper.Storage.MySql;
using Swiper.Storage.Redis;

namespace Swiper.Storage.Cluster.Events;

/// <summary>
/// Whether what a host says to all comes to all: every host's heartbeat goes through Redis to every host, itself included, once a second,
/// and the first shard says which hosts there are. With it goes which shards a host does not reach; whether it reaches Redis it says on
/// the first shard, where a host that Redis is deaf to can read it.
/// </summary>
internal sealed class Canary : IDisposable
{
    /// <summary>A few heartbeats.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SayInterval = TimeSpan.FromSeconds(2);

    private readonly HostMessages _messages;
    private readonly ClusterShard _firstShard;
    private readonly Guid _self;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _stopping = new();
    private Task _reading = Task.CompletedTask;
    private Roll _roll;

    // When this host was last seen to reach Redis, 0 if it does not, and when it last said so.
    private long _reachedRedisAt;
    private long? _saidAt;

    public Canary(HostMessages messages, ClusterShard firstShard, Guid self, TimeProvider clock)
    {
        (_messages, _firstShard, _self, _clock) = (messages, firstShard, self, clock);
        _roll = new Roll(clock.GetTimestamp(), []);
    }

    /// <summary>Who holds a node number, and since when this host has known that.</summary>
    private sealed record Roll(long At, Dictionary<Guid, (NodeHolder Holder, long Since)> Hosts);

    /// <summary>How long ago this host's own heartbeat last came back.</summary>
    public TimeSpan OwnAge => _messages.SilentFor;

    /// <summary>
    /// The node numbers of the other hosts that live, with the ages of their last heartbeats; none while nobody can say who lives.
    /// </summary>
    public IReadOnlyList<(int Node, TimeSpan Age)> Others
    {
        get
        {
            var roll = Volatile.Read(ref _roll);
            return _clock.GetElapsedTime(roll.At) > Patience ? [] :
                [.. roll.Hosts.Where(host => host.Key != _self)
                    .Select(host => (host.Value.Holder.Node, AgeOf(host.Key, host.Value.Since)))];
        }
    }

    /// <summary>Whether another host lives that reaches Redis; false while nobody can say who lives.</summary>
    public bool IsRedisReachedByAnother
    {
        get
        {
            var roll = Volatile.Read(ref _roll);
            return _clock.GetElapsedTime(roll.At) <= Patience
                && roll.Hosts.Any(host => host.Key != _self && host.Value.Holder.ReachesRedis);
        }
    }

    /// <summary>Begins to read who lives.</summary>
    public void Start() => _reading = Task.Run(ReadAsync);

    /// <summary>Tells the other hosts what this one reaches.</summary>
    /// <param name="shards">Of each shard, by its number.</param>
    /// <param name="redis">Of Redis, all of it.</param>
    public void Tell(IReadOnlyList<bool> shards, bool redis)
    {
        var status = new byte[(shards.Count + 7) / 8];
        for (var shard = 0; shard < shards.Count; shard++)
        {
            if (!shards[shard])
                status[shard / 8] |= (byte)(1 << shard % 8);
        }

        _messages.Tell(status);
        Volatile.Write(ref _reachedRedisAt, redis ? _clock.GetTimestamp() : 0);
    }

    /// <summary>Whether another host, which is heard, reaches the shard.</summary>
    public bool IsShardReachedByAnother(int shard) => _messages.Others.Values.Any(host =>
        _clock.GetElapsedTime(host.At) <= Patience && host.Status.Length > shard / 8 && (host.Status[shard / 8] >> shard % 8 & 1) == 0);

    /// <summary>Waits for a query in progress, which is bounded by the shard's deadline.</summary>
    public void Dispose()
    {
        _stopping.Cancel();
        _reading.Wait();
        _stopping.Dispose();
    }

    private TimeSpan AgeOf(Guid host, long since) =>
        _clock.GetElapsedTime(_messages.Others.TryGetValue(host, out var heard) ? Math.Max(heard.At, since) : since);

    private async Task ReadAsync()
    {
        using var timer = new PeriodicTimer(Interval, _clock);
        try
        {
            do
                await TryReadAsync().ConfigureAwait(false);
            while (await timer.WaitForNextTickAsync(_stopping.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Disposed.
        }
    }

    private async Task TryReadAsync()
    {
        try
        {
            var known = _roll.Hosts;
            var now = _clock.GetTimestamp();
            var holders = await NodeLease.ReadHoldersAsync(_firstShard.Server).ConfigureAwait(false);
            Volatile.Write(ref _roll, new Roll(_clock.GetTimestamp(), holders.ToDictionary(
                host => host.Owner, host => (host, known.TryGetValue(host.Owner, out var before) ? before.Since : now))));
            await SayWhetherRedisIsReachedAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (TransientErrors.KindOf(exception) != ShardFailure.None)
        {
            // The shard is down; the roll grows old.
            _firstShard.Refused(exception);
        }
        catch (Exception exception)
        {
            _firstShard.Faulted(exception);
        }
    }

    // A host that is too busy to look after itself says nothing.
    private async Task SayWhetherRedisIsReachedAsync()
    {
        var isReached = Volatile.Read(ref _reachedRedisAt) is not 0 and var at && _clock.GetElapsedTime(at) <= Patience;
        var isTime = _saidAt is not { } said || _clock.GetElapsedTime(said) >= SayInterval;
        if (!isReached || !isTime || !_roll.Hosts.TryGetValue(_self, out var self))
            return;
        _saidAt = _clock.GetTimestamp();
        await NodeLease.SayReachesRedisAsync(_firstShard.Server, self.Holder).ConfigureAwait(false);
    }
}
