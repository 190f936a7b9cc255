using Swiper.Core.Dispatch;
using Swiper.Core.Friends;
using Swiper.Core.Protocol;
using Swiper.Core.Vip;

namespace Swiper.Core.Accounts;

/// <summary>Signing in by a code sent to a phone, tokens, and profiles.</summary>
public sealed class AccountsSlice(
    IAccountRepository accounts, IFriendRepository friends, IPushRepository pushes, ITokens tokens, ISmsSender sms,
    SessionRegistry sessions, PermissionPolicy permissions, IRequestLimiter limiter, CodeRules rules, TimeProvider clock) : ISlice
{
    private readonly MissedPushes _missed = new(pushes);

    public void Map(OpcodeTable table) => table
        .Defer(Opcode.RequestCode, Access.Anonymous, new RequestCodeHandler(accounts, sms, limiter, rules, clock), RateLimit.SignIn)
        .Defer(
            Opcode.Login, Access.Anonymous, new LoginHandler(accounts, _missed, tokens, sessions, clock), RateLimit.SignIn, signsIn: true)
        .Defer(Opcode.Resume, Access.Anonymous, new ResumeHandler(accounts, _missed, tokens, sessions), RateLimit.SignIn, signsIn: true)
        .Defer(Opcode.Logout, Access.SignedIn, new LogoutHandler(accounts, sessions))
        .Defer(Opcode.Profile, Access.SignedIn, new ProfileHandler(accounts, friends, clock))
        .Defer(Opcode.UpdateProfile, Access.SignedIn, new UpdateProfileHandler(accounts, permissions, clock));
}
