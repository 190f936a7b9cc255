using System.Collections.Concurrent;
using Swiper.Core.Dispatch;
using Swiper.Storage.Cluster.Events;

namespace Swiper.Storage.Cluster.Dispatch;

/// <summary>
/// Brings pushes to the users who are connected to this host, each once and in the order of its seq, whichever host wrote it. Each connection
/// knows the number up to which it was sent them; where one arrives before an earlier one, or by its number alone, what lies between is read
/// from where pushes are kept.
/// </summary>
internal sealed class LivePushes(ClusterEngine engine)
{
    // One user's pushes are sent under one of these, so that none overtakes another.
    private readonly Lock[] _sending = [.. Enumerable.Range(0, 64).Select(_ => new Lock())];

    // Users whose pushes are being read now, with the greatest number heard of meanwhile.
    private readonly ConcurrentDictionary<long, long> _reading = new();

    /// <summary>A push that this host wrote: for the user's connections here, and for the other hosts.</summary>
    public void Deliver(long uid, in StoredPush push)
    {
        Hear(uid, push);
        engine.Events.Tell(new HostEvent(HostEventKind.Pushed, uid, push.Seq), push);
    }

    /// <summary>A push that some host wrote.</summary>
    public void Hear(long uid, in StoredPush push)
    {
        lock (SendingOf(uid))
        {
            if (engine.Sessions.LastPushSeq(uid) is not { } last)
                return;
            if (push.Seq == last + 1 || last == long.MaxValue)
            {
                Send(uid, push);
                return;
            }
        }
        Hear(uid, push.Seq);
    }

    /// <summary>A push that some host wrote, by its number.</summary>
    public void Hear(long uid, long seq)
    {
        if (engine.Sessions.LastPushSeq(uid) is not { } last || seq <= last)
            return;
        if (_reading.TryAdd(uid, seq))
            _ = ReadAsync(uid);
        else
            _reading.TryUpdate(uid, seq, _reading.GetValueOrDefault(uid, seq));
    }

    private void Send(long uid, in StoredPush push) => engine.Sessions.Push(uid, push.Opcode, push.Seq, new PersonPush(push.Uid, push.At));

    private async Task ReadAsync(long uid)
    {
        var (wanted, newest) = (0L, 0L);
        try
        {
            if (engine.Sessions.LastPushSeq(uid) is not { } last)
                return;
            var pushes = await engine.ReadPushesAsync(uid, last).ConfigureAwait(false);
            lock (SendingOf(uid))
            {
                foreach (var push in pushes)
                {
                    Send(uid, push);
                    newest = push.Seq;
                }
            }
        }
        catch (StoreUnavailableException)
        {
            // The next push fetches it, or the client when it signs in again.
        }
        catch (Exception exception)
        {
            engine.Faulted(engine.ShardOf(uid).Number, exception);
        }
        finally
        {
            _reading.TryRemove(uid, out wanted);
        }
        // What was heard of meanwhile may have been committed after the read.
        if (newest > 0 && wanted > newest)
            Hear(uid, wanted);
    }

    private Lock SendingOf(long uid) => _sending[(int)((ulong)uid % (uint)_sending.Length)];
}
