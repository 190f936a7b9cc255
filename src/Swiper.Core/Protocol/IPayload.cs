namespace Swiper.Core.Protocol;

/// <summary>
/// The args of a request or the data of a reply or push: one array of positional fields. Server and client share the type, so
/// that reading and writing stand side by side; docs/PROTOCOL.md is made from the parameters of its constructor.
/// </summary>
public interface IPayload<TSelf>
    where TSelf : IPayload<TSelf>, allows ref struct
{
    /// <summary>Reads the fields in order. What is missing or wrong is remembered by the reader, not thrown.</summary>
    static abstract TSelf Read(scoped ref FieldReader fields);

    /// <summary>Writes the whole array, or nil.</summary>
    void Write(ref MessagePackWriter writer);
}
