using System.Net;

namespace Swiper.Core.Dispatch;

/// <summary>One connection as the handlers see it: who is there, and the way back.</summary>
public sealed class Session(string connectionId, EndPoint? remote, FrameOutput output, int maxInFlight)
{
    private Identity? _identity;

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
    public long Uid => Identity?.Uid ?? 0;

    /// <summary>Held while the identity and the registry change together.</summary>
    internal object IdentityGate => InFlight;

    /// <summary>Replaces who is signed in, and says who was.</summary>
    internal Identity? Exchange(Identity? identity) => Interlocked.Exchange(ref _identity, identity);
}
