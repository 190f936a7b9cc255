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
        if (request.Change.DatingLocation is { Length: > 0 }
            && permissions.Check(session.Uid, Permission.AnyLocation) is { Code: not StatusCode.Ok } denied)
            return denied;
        var updated = await accounts.UpdateAsync(session.Uid, request.Change, clock.NowMs());
        return updated.IsOk ? new ProfileReply(updated.Value.OwnView) : updated.Failure;
    }
}
