using System.ComponentModel;
using System.Runtime.CompilerServices;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;

namespace Swiper.Core.Accounts;

[Description("Signs this device out: revokes the token that this connection signed in with. Other connections that use it get push 704.")]
internal sealed class LogoutHandler(IDeviceRepository devices, SessionRegistry sessions) : IDeferredHandler<NoArgs, NoData>
{
    internal static readonly Failure NotSignedIn = new(StatusCode.LoginRequired, "sign in first");

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Outcome<NoData>> HandleAsync(Session session, NoArgs request)
    {
        // Another connection may have revoked this token since the dispatcher checked.
        if (session.Identity is not { } identity)
            return NotSignedIn;
        await devices.LogOutAsync(identity);
        sessions.SignOut(identity.Uid, identity.TokenId, SignedOutPush.Logout, asker: session);
        return default(NoData);
    }
}
