namespace Swiper.Core.Protocol;

/// <summary>
/// The args of a request or the data of a reply or push: one array of positional fields. Server and client share the type, so
/// that reading and writing are side by side; documents and clients are generated from the parameters of its constructor.
/// </summary>
public interface IPayload<TSelf>
    where TSelf : IPayload<TSelf>, allows ref struct
{
    /// <summary>Reads the fields in order. The reader records missing or invalid fields instead of throwing.</summary>
    static abstract TSelf Read(scoped ref FieldReader fields);

    /// <summary>Writes the whole array, or nil.</summary>
    void Write(ref MessagePackWriter writer);
}
