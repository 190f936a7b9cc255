using Swiper.Core.Dispatch;
using Swiper.Storage.Redis;

namespace Swiper.Storage.Cluster.Events;

/// <summary>
/// Events between hosts: delivered at once but at most once through Redis, and reliably through each shard's `events`, whose rows are
/// written in the transaction of the change and polled by every host once a second. Handling an event twice is harmless.
/// </summary>
internal sealed class HostEvents : IDisposable
{
    private readonly ClusterEngine _engine;
    private readonly HostMessages _messages;
    private readonly EventFeed[] _feeds;

    public HostEvents(ClusterEngine engine)
    {
        _engine = engine;
        _messages = engine.Index.OpenMessages();
        _feeds = [.. engine.Shards.Select(shard => new EventFeed(shard, engine.Clock, Hear))];
    }

    public void Start()
    {
        _messages.Received += Hear;
        foreach (var feed in _feeds)
            feed.Start();
    }

    /// <summary>Announces to the other hosts what is durable now.</summary>
    public void Tell(in HostEvent happened, in StoredPush push = default) =>
        _messages.Publish(happened.Pack(_engine.Node.Claim.Node, push));

    public void Dispose()
    {
        _messages.Received -= Hear;
        _messages.Dispose();
        foreach (var feed in _feeds)
            feed.Dispose();
    }

    private void Hear(ReadOnlyMemory<byte> message)
    {
        if (!HostEvent.TryUnpack(message.Span, out var node, out var happened, out var push))
            return;
        // This host applied its own event before publishing it. Besides, a connection that asked to be logged out learns of it by the
        // reply, which the event must not overtake.
        if (node == _engine.Node.Claim.Node && happened.Kind != HostEventKind.Pushed)
            return;
        if (happened.Kind == HostEventKind.Pushed)
            _engine.Pushes.Hear(happened.Uid, push.Value);
        else
            Hear(happened);
    }

    private void Hear(HostEvent happened)
    {
        switch (happened.Kind)
        {
            case HostEventKind.Pushed:
                _engine.Pushes.Hear(happened.Uid, happened.Subject);
                break;
            case HostEventKind.Revoked:
                _engine.Sessions.SignOut(happened.Uid, happened.Subject, "logout");
                break;
            case HostEventKind.ProfileChanged:
                _engine.Accounts.HearOfChange(happened.Uid);
                break;
        }
    }
}
