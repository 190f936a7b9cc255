using Swiper.Core.Accounts;
using Swiper.Core.Protocol;
using Swiper.Core.Vip;

namespace Swiper.Host.Web;

/// <summary>The VIP levels of users, and the table of levels.</summary>
internal sealed class VipOperations(IVipRepository vip, IAccountRepository accounts, TimeProvider clock) : IOperations
{
    public void Map(RouteGroupBuilder routes)
    {
        routes.MapGet("vip/levels", () => vip.Levels.All);
        routes.MapPatch("vip/levels/{level}", async (int level, VipLevelChange change) =>
            (await vip.ChangeLevelAsync(level, change)).ToReply());
        routes.MapGet("vip/users/{uid}", async (long uid) =>
            await accounts.FindAsync(uid) is not null ? Show(uid, vip.StatusOf(uid).At(clock.NowMs())) : throw NoSuchUser(uid));
        routes.MapPost("vip/users/{uid}/grant", async (long uid, VipGrant grant) =>
            Show(uid, (await vip.GrantAsync(uid, grant.Level, grant.Days, clock.NowMs())).ToReply()));
        routes.MapPost("vip/users/{uid}/revoke", async (long uid) => Show(uid, (await vip.RevokeAsync(uid, clock.NowMs())).ToReply()));
    }

    private VipOfUser Show(long uid, VipStatus status) => new(uid, status.Level, vip.Levels[status.Level].Name, status.Ends);

    private static OperationException NoSuchUser(long uid) => new(StatusCodes.Status404NotFound, $"no user has the uid {uid}");
}

/// <summary>Some days of a level.</summary>
internal sealed record VipGrant(int Level, int Days);

/// <summary>A user's level now, and when it ends.</summary>
internal sealed record VipOfUser(long Uid, int Level, string Name, long Ends);
