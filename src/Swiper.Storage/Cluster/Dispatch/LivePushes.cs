using System.Collections.Concurrent;
using Swiper.Core.Dispatch;
using Swiper.Storage.Cluster.Events;

namespace Swiper.Storage.Cluster.Dispatch;

/// <summary>
/// Brings pushes to the users who are connected to this host, each once and in the order of its seq, whichever host wrote it. Where one
/// arrives before an earlier one, or by its number alone, it is read from where pushes are kept.
/// </summary>
internal sealed class LivePushes(ClusterEngine engine)
{
    private readonly ConcurrentDictionary<long, Feed> _feeds = new();

    /// <summary>A push that this host wrote: for the user's connections here, and for the other hosts.</summary>
    public void Deliver(long uid, in StoredPush push)
    {
        Hear(uid, push);
        engine.Events.Tell(new HostEvent(HostEventKind.Pushed, uid, push.Seq), push);
    }

    /// <summary>A push that some host wrote.</summary>
    public void Hear(long uid, in StoredPush push)
    {
        if (!TryFindFeed(uid, out var feed))
            return;
        lock (feed)
        {
            if (!feed.IsReading && (feed.Last == Feed.Unknown || push.Seq == feed.Last + 1))
            {
                Send(uid, push, feed);
                return;
            }
        }
        Hear(uid, push.Seq);
    }

    /// <summary>A push that some host wrote, by its number.</summary>
    public void Hear(long uid, long seq)
    {
        if (!TryFindFeed(uid, out var feed))
            return;
        lock (feed)
        {
            if (feed.Last == Feed.Unknown)
                feed.Last = seq - 1;
            if (seq <= feed.Last)
                return;
            feed.Wanted = Math.Max(feed.Wanted, seq);
            if (feed.IsReading)
                return;
            feed.IsReading = true;
        }
        _ = ReadAsync(uid, feed);
    }

    private bool TryFindFeed(long uid, out Feed feed)
    {
        if (engine.Sessions.IsHere(uid))
        {
            feed = _feeds.GetOrAdd(uid, static _ => new Feed());
            return true;
        }
        _feeds.TryRemove(uid, out _);
        feed = null!;
        return false;
    }

    private void Send(long uid, in StoredPush push, Feed feed)
    {
        if (feed.Last != Feed.Unknown && push.Seq <= feed.Last)
            return;
        engine.Sessions.Push(uid, push.Opcode, push.Seq, new PersonPush(push.Uid, push.At));
        feed.Last = push.Seq;
    }

    private async Task ReadAsync(long uid, Feed feed)
    {
        try
        {
            while (true)
            {
                var pushes = await engine.ReadPushesAsync(uid, feed.Last).ConfigureAwait(false);
                lock (feed)
                {
                    foreach (var push in pushes)
                        Send(uid, push, feed);
                    // What was heard of is committed, so a read that does not have it will never have it: it is no longer kept.
                    if (feed.Wanted <= feed.Last || pushes.Count == 0)
                    {
                        feed.IsReading = false;
                        return;
                    }
                }
            }
        }
        catch (StoreUnavailableException)
        {
            // The client asks for what it missed when it signs in again, and the next push fetches it.
            lock (feed)
                feed.IsReading = false;
        }
    }

    private sealed class Feed
    {
        public const long Unknown = -1;

        public long Last = Unknown;
        public long Wanted;
        public bool IsReading;
    }
}
