using System.ComponentModel;
using Swiper.Core.Accounts;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;

namespace Swiper.Core.Vip;

/// <summary>The user's level, and what the user may use.</summary>
public sealed record MyVipReply(
    [Description("the level; 0 without one"), Within(0, VipLevel.Highest)] int Level,
    [Description("what the level is called")] string Name,
    [Description("when it ends; 0 without one"), Time] long Ends,
    [Description("what the user may use now")] IReadOnlyList<string> Permissions) : IPayload<MyVipReply>
{
    public static MyVipReply Read(scoped ref FieldReader fields)
    {
        var (level, name) = (fields.Int32("level", 0, VipLevel.Highest), fields.String("name", int.MaxValue));
        var ends = fields.Int64("ends");
        var permissions = new List<string>();
        var names = fields.Elements("permissions");
        while (names.Left > 0)
            permissions.Add(names.String("permission", int.MaxValue));
        fields.Fail(names.Problem);
        return new(level, name, ends, permissions);
    }

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(4);
        writer.WriteInt64(Level);
        writer.WriteString(Name);
        writer.WriteInt64(Ends);
        ProfileViewFormat.WriteStrings(ref writer, Permissions);
    }
}

/// <summary>The push of a user's VIP level.</summary>
public readonly record struct VipPush(
    [Description("the level; 0 when it has ended"), Within(0, VipLevel.Highest)] int Level,
    [Description("when it ends; 0 when it has ended"), Time] long Ends) : IPayload<VipPush>
{
    public static VipPush Read(scoped ref FieldReader fields) => new(fields.Int32("level", 0, VipLevel.Highest), fields.Int64("ends"));

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(2);
        writer.WriteInt64(Level);
        writer.WriteInt64(Ends);
    }
}

[Description("Returns the user's VIP level and what the user may use. A level counts until right before its end.")]
internal sealed class MyVipHandler(IVipRepository vip, PermissionPolicy permissions, TimeProvider clock)
    : IImmediateHandler<NoArgs, MyVipReply>
{
    public Failure Handle(Session session, NoArgs request, ref MessagePackWriter data)
    {
        var status = vip.StatusOf(session.Uid).At(clock.NowMs());
        new MyVipReply(status.Level, vip.Levels[status.Level].Name, status.Ends, permissions.Of(session.Uid).ToNames()).Write(ref data);
        return default;
    }
}
