using Swiper.Core.Dispatch;
using Swiper.Storage.Redis;

namespace Swiper.Storage.Cluster.Events;

/// <summary>
/// How hosts hear of each other's doings: at once through Redis, and for certain from each shard's `events`, whose rows are written
/// with what they tell of and read by every host once a second. Hearing of something twice does no harm.
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
        _feeds = [.. engine.Shards.Select(shard => new EventFeed(shard, Hear))];
    }

    public void Start()
    {
        _messages.Received += Hear;
        foreach (var feed in _feeds)
            feed.Start();
    }

    /// <summary>Tells the other hosts of what is durable now.</summary>
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
        // What happened here was shown here before it was told. And the connection that asked to be logged out is told by the reply, which
        // must not be overtaken.
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
