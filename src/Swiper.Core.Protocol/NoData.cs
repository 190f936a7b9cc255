namespace Swiper.Core.Protocol;

/// <summary>A reply without data: nil.</summary>
public readonly record struct NoData : IPayload<NoData>
{
    public static NoData Read(scoped ref FieldReader fields) => default;

    public void Write(ref MessagePackWriter writer) => writer.WriteNil();
}
