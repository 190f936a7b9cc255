namespace Swiper.Core.Protocol;

/// <summary>Payloads as bytes of their own, for what is kept or sent many times.</summary>
public static class PayloadBytes
{
    public static byte[] Of<TPayload>(in TPayload payload)
        where TPayload : IPayload<TPayload>
    {
        var writer = new MessagePackWriter(stackalloc byte[512]);
        try
        {
            payload.Write(ref writer);
            return writer.Written.ToArray();
        }
        finally
        {
            writer.Dispose();
        }
    }

    /// <exception cref="InvalidDataException">The bytes are not such a payload.</exception>
    public static TPayload Read<TPayload>(ReadOnlySpan<byte> bytes)
        where TPayload : IPayload<TPayload>
    {
        var fields = new FieldReader(bytes);
        var payload = TPayload.Read(ref fields);
        return fields.Problem is { } problem
            ? throw new InvalidDataException($"Not a {typeof(TPayload).Name}: {problem}.")
            : payload;
    }
}
