using Swiper.Core.Protocol;

namespace Swiper.Core.Dispatch;

/// <summary>Maps opcodes to endpoints and pushes. Slices fill it at start; reading it needs no lock.</summary>
/// <param name="stopping">Cancelled once the host is stopping: what is cancelled then is no bug.</param>
public sealed class OpcodeTable(CancellationToken stopping = default)
{
    private readonly SortedDictionary<Opcode, PushDescriptor> _pushes = [];
    private Endpoint?[] _endpoints = new Endpoint?[1024];

    /// <summary>All endpoints in the order of their numbers.</summary>
    public IEnumerable<Endpoint> Endpoints => _endpoints.OfType<Endpoint>();

    /// <summary>All pushes in the order of their numbers.</summary>
    public IEnumerable<PushDescriptor> Pushes => _pushes.Values;

    /// <summary>Adds an opcode that is answered immediately.</summary>
    public OpcodeTable Answer<TRequest, TReply>(
        Opcode opcode, IImmediateHandler<TRequest, TReply> handler, EndpointDescriptor descriptor)
        where TRequest : IPayload<TRequest>, allows ref struct
        where TReply : IPayload<TReply>, allows ref struct =>
        Add(new ImmediateEndpoint<TRequest, TReply>(opcode, handler, descriptor));

    /// <summary>Adds an opcode that a store answers later.</summary>
    public OpcodeTable Defer<TRequest, TReply>(
        Opcode opcode, IDeferredHandler<TRequest, TReply> handler, EndpointDescriptor descriptor)
        where TRequest : IPayload<TRequest>
        where TReply : IPayload<TReply> =>
        Add(new DeferredEndpoint<TRequest, TReply>(opcode, handler, descriptor));

    /// <summary>Adds a push.</summary>
    /// <param name="opcode">Its number.</param>
    /// <param name="meaning">What it tells the user, and what the client should do.</param>
    /// <param name="isNumbered">False for a push about the connection: its seq is 0.</param>
    public OpcodeTable Push<TPush>(Opcode opcode, string meaning, bool isNumbered = true)
        where TPush : IPayload<TPush>
    {
        if (Find((ushort)opcode) is { } endpoint)
            throw new InvalidOperationException($"opcode {(ushort)opcode} is both {endpoint.HandlerType.Name} and a push");
        _pushes.Add(opcode, new PushDescriptor(opcode, typeof(TPush), meaning) { IsNumbered = isNumbered });
        return this;
    }

    internal Endpoint? Find(int opcode) => (uint)opcode < (uint)_endpoints.Length ? _endpoints[opcode] : null;

    private OpcodeTable Add(Endpoint endpoint)
    {
        var number = (ushort)endpoint.Opcode;
        if (number >= _endpoints.Length)
            Array.Resize(ref _endpoints, number + 1);
        if (_endpoints[number] is { } other)
            throw new InvalidOperationException($"opcode {number} is both {other.HandlerType.Name} and {endpoint.HandlerType.Name}");
        if (_pushes.ContainsKey(endpoint.Opcode))
            throw new InvalidOperationException($"opcode {number} is both {endpoint.HandlerType.Name} and a push");
        endpoint.Stopping = stopping;
        _endpoints[number] = endpoint;
        return this;
    }
}
