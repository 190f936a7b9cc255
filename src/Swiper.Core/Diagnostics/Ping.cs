using System.ComponentModel;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;

namespace Swiper.Core.Diagnostics;

public readonly record struct PingReply([Description("the server's time"), Time] long Now) : IPayload<PingReply>
{
    public static PingReply Read(scoped ref FieldReader fields) => new(fields.Int64("now"));

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(1);
        writer.WriteInt64(Now);
    }
}

[Description("Returns the server's time. Sent regularly, it keeps a quiet connection from being closed as idle.")]
internal sealed class PingHandler(TimeProvider clock) : IImmediateHandler<NoArgs, PingReply>
{
    public Failure Handle(Session session, NoArgs request, ref MessagePackWriter data)
    {
        new PingReply(clock.NowMs()).Write(ref data);
        return default;
    }
}
