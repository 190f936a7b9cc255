using Swiper.Core.Protocol;

namespace Swiper.Core.Dispatch;

/// <summary>What others must know of a push; documents and clients are generated from it.</summary>
/// <param name="Opcode">Its number.</param>
/// <param name="PayloadType">The data; an <see cref="IPayload{TSelf}"/>.</param>
/// <param name="Meaning">What it tells the user, and what the client should do.</param>
public sealed record PushDescriptor(Opcode Opcode, Type PayloadType, string Meaning)
{
    /// <summary>False for a push about the connection rather than the user: its seq is 0, and it is not kept.</summary>
    public bool IsNumbered { get; init; } = true;
}
