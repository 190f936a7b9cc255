using System.ComponentModel;
using Swiper.Core.Protocol;

namespace Swiper.Core.Dispatch;

/// <summary>A push about another person.</summary>
public readonly record struct PersonPush(
    [Description("the other user")] long Uid,
    [Description("when it happened"), Time] long At) : IPayload<PersonPush>
{
    public static PersonPush Read(scoped ref FieldReader fields) => new(fields.Int64("uid"), fields.Int64("at"));

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(2);
        writer.WriteInt64(Uid);
        writer.WriteInt64(At);
    }
}
