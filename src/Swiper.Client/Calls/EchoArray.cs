using Swiper.Core.Protocol;

namespace Swiper.Client;

/// <summary>Any values, as encoded on the wire: one complete MessagePack array.</summary>
public readonly struct EchoArray : IPayload<EchoArray>
{
    private EchoArray(ReadOnlyMemory<byte> bytes) => Bytes = bytes;

    public ReadOnlyMemory<byte> Bytes { get; }

    /// <exception cref="ArgumentException">The bytes are not a MessagePack array, so the server would reject the frame.</exception>
    public static EchoArray Of(ReadOnlyMemory<byte> array)
    {
        var reader = new MessagePackReader(array.Span);
        if (reader.NextKind != MessagePackKind.Array || !reader.TrySkip() || reader.Remaining > 0)
            throw new ArgumentException("expected one complete MessagePack array", nameof(array));
        return new EchoArray(array);
    }

    public static EchoArray Read(scoped ref FieldReader fields) => new(fields.Array.ToArray());

    public void Write(ref MessagePackWriter writer)
    {
        if (Bytes.IsEmpty)
            writer.WriteArrayHeader(0);
        else
            writer.WriteRaw(Bytes.Span);
    }
}
