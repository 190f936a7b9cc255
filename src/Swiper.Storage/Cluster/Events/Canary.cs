using Swiper.Storage.Cluster.Nodes;
using Swiper.Storage.MySql;
using Swiper.Storage.Redis;

namespace Swiper.Storage.Cluster.Events;

/// <summary>
/// Whether what a host says to all comes to all: every host's heartbeat goes through Redis to every host, itself included, once a second,
/// and the first shard says which hosts there are. With it goes which shards a host does not reach.
/// </summary>
internal sealed class Canary : IDisposable
{
    /// <summary>A few heartbeats.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly HostMessages _messages;
    private readonly ClusterShard _firstShard;
    private readonly Guid _self;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _stopping = new();
    private Task _reading = Task.CompletedTask;
    private Roll _roll;

    public Canary(HostMessages messages, ClusterShard firstShard, Guid self, TimeProvider clock)
    {
        (_messages, _firstShard, _self, _clock) = (messages, firstShard, self, clock);
        _roll = new Roll(clock.GetTimestamp(), []);
    }

    /// <summary>Who holds a node number, and since when this host has known that.</summary>
    private sealed record Roll(long At, Dictionary<Guid, (int Node, long Since)> Hosts);

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
                [.. roll.Hosts.Where(host => host.Key != _self).Select(host => (host.Value.Node, AgeOf(host.Key, host.Value.Since)))];
        }
    }

    /// <summary>Begins to read who lives.</summary>
    public void Start() => _reading = Task.Run(ReadAsync);

    /// <summary>Tells the other hosts which shards this one does not reach.</summary>
    public void Tell(IReadOnlyList<bool> isReached)
    {
        var status = new byte[(isReached.Count + 7) / 8];
        for (var shard = 0; shard < isReached.Count; shard++)
        {
            if (!isReached[shard])
                status[shard / 8] |= (byte)(1 << shard % 8);
        }

        _messages.Tell(status);
    }

    /// <summary>Whether another host, which is heard, reaches the shard.</summary>
    public bool IsReachedByAnother(int shard) => _messages.Others.Values.Any(host =>
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
                host => host.Key, host => (host.Value, known.TryGetValue(host.Key, out var before) ? before.Since : now))));
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
}
