using Swiper.Core.Dispatch;
using Swiper.Storage.Cluster.Nodes;
using Swiper.Storage.Records;
using Swiper.Storage.Redis;

namespace Swiper.Storage.Cluster.Events;

/// <summary>
/// Events between hosts: delivered at once but at most once through Redis, and reliably through each shard's `events`, whose rows are
/// written in the transaction of the change and polled by every host once a second. Handling an event twice is harmless.
/// </summary>
internal sealed class HostEvents : IDisposable
{
    private readonly NodeLease _node;
    private readonly HostMessages _messages;
    private readonly EventFeed[] _feeds;
    private readonly Dictionary<HostEventKind, Action<HostEvent>> _handlers = [];

    /// <param name="messages">The way through Redis, which is closed with this.</param>
    /// <param name="shards">The way through the shards.</param>
    /// <param name="node">The number that tells this host's own messages from the others'.</param>
    /// <param name="clock">Schedules the polls.</param>
    public HostEvents(HostMessages messages, ClusterShards shards, NodeLease node, TimeProvider clock)
    {
        _node = node;
        _messages = messages;
        _feeds = [.. shards.Select(shard => new EventFeed(shard, clock, Hear))];
    }

    /// <summary>Raised for a push of another host that arrived with its content, on any thread.</summary>
    public event Action<long, StoredPush>? PushArrived;

    /// <summary>Has the handler called for each such event. Called before the start.</summary>
    public void Hear(HostEventKind kind, Action<HostEvent> handler) => _handlers.Add(kind, handler);

    public void Start()
    {
        _messages.Received += Hear;
        foreach (var feed in _feeds)
            feed.Start();
    }

    /// <summary>Announces to the other hosts what is durable now.</summary>
    public void Tell(in HostEvent happened) => _messages.Publish(HostMessage.Pack(_node.Claim.Node, happened));

    /// <summary>Announces a push with its content.</summary>
    public void Tell(long uid, in StoredPush push) => _messages.Publish(HostMessage.Pack(_node.Claim.Node, uid, push));

    /// <summary>How long ago a shard last told its events; it is asked once a second.</summary>
    public TimeSpan SilenceOf(ClusterShard shard) => _feeds[shard.Number].SilentFor;

    public void Dispose()
    {
        _messages.Received -= Hear;
        _messages.Dispose();
        foreach (var feed in _feeds)
            feed.Dispose();
    }

    private void Hear(ReadOnlyMemory<byte> message)
    {
        if (!HostMessage.TryUnpack(message.Span, out var node, out var happened, out var push))
            return;
        // This host applied its own event before publishing it. Besides, a connection that asked to be logged out learns of it by the
        // reply, which the event must not overtake.
        if (node == _node.Claim.Node && happened.Kind != HostEventKind.Pushed)
            return;
        if (happened.Kind == HostEventKind.Pushed)
            PushArrived?.Invoke(happened.Uid, push);
        else
            Hear(happened);
    }

    private void Hear(HostEvent happened)
    {
        // A newer host may tell of what this version does not know.
        if (_handlers.TryGetValue(happened.Kind, out var handler))
            handler(happened);
    }
}
