using System.ComponentModel;
using System.Runtime.CompilerServices;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;

namespace Swiper.Core.Accounts;

[Description("Revokes the token that this connection signed in with. Other connections that use it get push 704.")]
internal sealed class LogoutHandler(IAccountRepository accounts, SessionRegistry sessions) : IDeferredHandler<NoArgs, NoData>
{
    private static readonly Failure NotSignedIn = new(StatusCode.LoginRequired, "sign in first");

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Outcome<NoData>> HandleAsync(Session session, NoArgs request)
    {
        // Another connection may have revoked this token since the dispatcher checked.
        if (session.Identity is not { } identity)
            return NotSignedIn;
        await accounts.RevokeAsync(identity.Uid, identity.TokenId, identity.Expires);
        sessions.SignOut(identity.Uid, identity.TokenId, "logout", asker: session);
        return default(NoData);
    }
}
