using System.ComponentModel;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;

namespace Swiper.Core.Diagnostics;

/// <summary>Any values, as encoded on the wire.</summary>
/// <param name="array">One whole MessagePack array.</param>
[Description("any values")]
public readonly ref struct EchoPayload(ReadOnlySpan<byte> array) : IPayload<EchoPayload>
{
    public ReadOnlySpan<byte> Array { get; } = array;

    public static EchoPayload Read(scoped ref FieldReader fields) => new(fields.Array);

    public void Write(ref MessagePackWriter writer) => writer.WriteRaw(Array);
}

[Description("Returns the values it was sent.")]
internal sealed class EchoHandler : IImmediateHandler<EchoPayload, EchoPayload>
{
    public Failure Handle(Session session, EchoPayload request, ref MessagePackWriter data)
    {
        request.Write(ref data);
        return default;
    }
}
