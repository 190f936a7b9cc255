using System.ComponentModel;
using System.Runtime.CompilerServices;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Core.Vip;

namespace Swiper.Core.Accounts;

public readonly record struct UpdateProfileRequest(
    [Description("the fields to change, by name; the others stay as they are")] ProfileChange Change) : IPayload<UpdateProfileRequest>
{
    public static UpdateProfileRequest Read(scoped ref FieldReader fields) => new(ProfileChangeFormat.Read("change", ref fields));

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(1);
        ProfileChangeFormat.Write(ref writer, Change);
    }
}

[Description("Changes fields of one's own profile. All are checked first: if one is invalid, the message names it and nothing changes.")]
internal sealed class UpdateProfileHandler(IAccountRepository accounts, PermissionPolicy permissions, TimeProvider clock)
    : IDeferredHandler<UpdateProfileRequest, ProfileReply>
{
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Outcome<ProfileReply>> HandleAsync(Session session, UpdateProfileRequest request)
    {
        if (permissions.Check(session.Uid, Permission.AnyLocation) is { Code: not StatusCode.Ok } denied
            && await LooksElsewhereAsync(session.Uid, request.Change))
            return denied;
        var now = clock.NowMs();
        var updated = await accounts.UpdateAsync(session.Uid, request.Change, now);
        return updated.IsOk ? new ProfileReply(updated.Value.OwnViewAt(now)) : updated.Failure;
    }

    // What stands may be sent along with other fields: without the permission it has no effect on decks.
    private async ValueTask<bool> LooksElsewhereAsync(long uid, ProfileChange change) =>
        change.DatingLocation is { Length: > 0 } wanted
        && await accounts.FindAsync(uid) is { Profile: var profile }
        && wanted != (change.Location ?? profile.Location) && wanted != profile.DatingLocation;
}
