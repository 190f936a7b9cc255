using System.Net;

namespace Swiper.Core.Dispatch;

/// <summary>One connection as the handlers see it: who is there, and the way back.</summary>
public sealed class Session(string connectionId, EndPoint? remote, FrameOutput output, int maxInFlight)
{
    private const int NotCatchingUp = -1;

    private Identity? _identity;
    private long _uid;
    private int _missed = NotCatchingUp;
    private long _lastPushSeq;

    /// <summary>Names the connection in logs.</summary>
    public string ConnectionId { get; } = connectionId;

    /// <summary>What rate limits count. Made when asked for: an idle connection does not keep it.</summary>
    public string Address => ClientAddress.Of(remote);

    public FrameOutput Output { get; } = output;

    public InFlightRequests InFlight { get; } = new(maxInFlight);

    /// <summary>Who has signed in; null for an anonymous connection.</summary>
    public Identity? Identity => Volatile.Read(ref _identity);

    public bool IsSignedIn => Identity is not null;

    /// <summary>The uid of who has signed in; handlers of <see cref="Access.SignedIn"/> opcodes may rely on it.</summary>
    /// <remarks>It stays what it was when another device signs this connection out while a request is on its way to its handler.</remarks>
    public long Uid => Volatile.Read(ref _uid);

    /// <summary>
    /// True for a push that is newer than all that were sent on this connection. Hosts may hear of a push more than once.
    /// </summary>
    internal bool TryAdvancePushSeq(long seq)
    {
        while (true)
        {
            var last = Volatile.Read(ref _lastPushSeq);
            if (seq <= last)
                return false;
            if (Interlocked.CompareExchange(ref _lastPushSeq, seq, last) == last)
                return true;
        }
    }

    /// <summary>The number of the newest push that was sent on this connection.</summary>
    internal long LastPushSeq => Volatile.Read(ref _lastPushSeq);

    internal bool IsCatchingUp => Volatile.Read(ref _missed) != NotCatchingUp;

    /// <summary>Pushes with a greater number are sent, whether they were sent before or not.</summary>
    internal void RestartPushesAfter(long seq) => Volatile.Write(ref _lastPushSeq, seq);

    /// <summary>From now on live pushes wait, because older ones that this client missed are to come before them.</summary>
    internal void BeginCatchingUp() => Volatile.Write(ref _missed, 0);

    /// <summary>True while catching up: the push is noted as missed.</summary>
    internal bool TryNoteMissed()
    {
        while (true)
        {
            var missed = Volatile.Read(ref _missed);
            if (missed == NotCatchingUp)
                return false;
            if (Interlocked.CompareExchange(ref _missed, missed + 1, missed) == missed)
                return true;
        }
    }

    /// <summary>Pushes noted so far, to be read before the kept pushes are.</summary>
    internal int Missed => Volatile.Read(ref _missed);

    /// <summary>Live pushes flow again, unless one was noted since <paramref name="missed"/> was read.</summary>
    internal bool TryEndCatchingUp(int missed) => Interlocked.CompareExchange(ref _missed, NotCatchingUp, missed) == missed;

    /// <summary>Live pushes flow again, whatever was noted.</summary>
    internal void EndCatchingUp() => Volatile.Write(ref _missed, NotCatchingUp);

    /// <summary>Held while the identity and the registry change together, and while pushes to whoever is signed in are appended.</summary>
    internal object IdentityGate => InFlight;

    /// <summary>Replaces who is signed in, and says who was.</summary>
    internal Identity? Exchange(Identity? identity)
    {
        if (identity is not null)
            Volatile.Write(ref _uid, identity.Uid);
        return Interlocked.Exchange(ref _identity, identity);
    }
}
