using System.ComponentModel;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;

namespace Swiper.Core.Vip;

/// <summary>An array of levels.</summary>
public sealed record VipLevelsReply(
    [Description("all levels, from 0 up"), Elements] IReadOnlyList<VipLevel> Levels) : IPayload<VipLevelsReply>
{
    public static VipLevelsReply Read(scoped ref FieldReader fields)
    {
        var levels = new List<VipLevel>();
        while (fields.Left > 0)
            levels.Add(VipLevel.Read(ref fields));
        return new(levels);
    }

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(Levels.Count);
        foreach (var level in Levels)
            level.Write(ref writer);
    }
}

[Description("Returns the VIP levels: what each grants and what it costs. They may change while the server runs.")]
internal sealed class VipLevelsHandler(IVipRepository vip) : IImmediateHandler<NoArgs, VipLevelsReply>
{
    public Failure Handle(Session session, NoArgs request, ref MessagePackWriter data)
    {
        new VipLevelsReply(vip.Levels.All).Write(ref data);
        return default;
    }
}
