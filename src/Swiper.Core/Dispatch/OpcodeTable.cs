using Swiper.Core.Protocol;

namespace Swiper.Core.Dispatch;

/// <summary>Maps opcodes to endpoints. Slices fill it at start; reading it needs no lock.</summary>
public sealed class OpcodeTable
{
    private Endpoint?[] _endpoints = new Endpoint?[1024];

    /// <summary>All endpoints in the order of their numbers.</summary>
    public IEnumerable<Endpoint> Endpoints => _endpoints.OfType<Endpoint>();

    /// <summary>Adds an opcode that is answered immediately.</summary>
    public OpcodeTable Answer<TRequest, TReply>(
        Opcode opcode, Access access, IImmediateHandler<TRequest, TReply> handler, RateLimit rateLimit = RateLimit.None)
        where TRequest : IPayload<TRequest>, allows ref struct
        where TReply : IPayload<TReply>, allows ref struct =>
        Add(new ImmediateEndpoint<TRequest, TReply>(opcode, access, rateLimit, handler));

    /// <summary>Adds an opcode that a store answers later.</summary>
    /// <param name="opcode">Its number.</param>
    /// <param name="access">Who may call it.</param>
    /// <param name="handler">The handler.</param>
    /// <param name="rateLimit">How often.</param>
    /// <param name="signsIn">
    /// A success follows on <see cref="SessionRegistry.BeginSignIn"/>: the user's live pushes come after the reply.
    /// </param>
    public OpcodeTable Defer<TRequest, TReply>(
        Opcode opcode, Access access, IDeferredHandler<TRequest, TReply> handler, RateLimit rateLimit = RateLimit.None,
        bool signsIn = false)
        where TRequest : IPayload<TRequest>
        where TReply : IPayload<TReply> =>
        Add(new DeferredEndpoint<TRequest, TReply>(opcode, access, rateLimit, handler, signsIn));

    internal Endpoint? Find(int opcode) => (uint)opcode < (uint)_endpoints.Length ? _endpoints[opcode] : null;

    private OpcodeTable Add(Endpoint endpoint)
    {
        var number = (ushort)endpoint.Opcode;
        if (number >= _endpoints.Length)
            Array.Resize(ref _endpoints, number + 1);
        if (_endpoints[number] is { } other)
            throw new InvalidOperationException($"opcode {number} is both {other.HandlerType.Name} and {endpoint.HandlerType.Name}");
        _endpoints[number] = endpoint;
        return this;
    }
}
