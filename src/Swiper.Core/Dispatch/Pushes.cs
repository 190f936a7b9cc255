using System.ComponentModel;
using Swiper.Core.Protocol;

namespace Swiper.Core.Dispatch;

/// <summary>The push of a server that is about to stop.</summary>
public readonly record struct DrainingPush(
    [Description("come back, best to another host, after so many milliseconds")] int ReconnectAfterMs) : IPayload<DrainingPush>
{
    public static DrainingPush Read(scoped ref FieldReader fields) => new(fields.Int32("reconnect_after_ms", 0, int.MaxValue));

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(1);
        writer.WriteInt64(ReconnectAfterMs);
    }
}

/// <summary>The push to a connection whose token is no longer good.</summary>
public readonly record struct SignedOutPush(
    [Description(
        "why: \"logout\", \"expired\" (the token's time is over) or \"replaced\" (by newer connections of the same user, of which 16 may be there)")] string Reason) : IPayload<SignedOutPush>
{
    public static SignedOutPush Read(scoped ref FieldReader fields) => new(fields.String("reason", 100));

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(1);
        writer.WriteString(Reason);
    }
}
