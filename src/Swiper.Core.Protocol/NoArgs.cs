namespace Swiper.Core.Protocol;

/// <summary>A request without args: the empty array.</summary>
public readonly record struct NoArgs : IPayload<NoArgs>
{
    public static NoArgs Read(scoped ref FieldReader fields) => default;

    public void Write(ref MessagePackWriter writer) => writer.WriteArrayHeader(0);
}
