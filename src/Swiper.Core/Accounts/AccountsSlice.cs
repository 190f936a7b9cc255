using Swiper.Core.Dispatch;
using Swiper.Core.Friends;
using Swiper.Core.Protocol;
using Swiper.Core.Vip;

namespace Swiper.Core.Accounts;

/// <summary>Signing in by a code sent to a phone, devices and their tokens, and profiles.</summary>
public sealed class AccountsSlice(
    IAccountRepository accounts, IActivityRepository activity, IDeviceRepository devices, IFriendRepository friends,
    IBlockRepository blocks, IPushRepository pushes, ITokens tokens, ISmsSender sms, SessionRegistry sessions,
    PermissionPolicy permissions, IRequestLimiter limiter, ICodeGuard guard, ICodeHash hash, CodeRules rules, TimeProvider clock) : ISlice
{
    private const string MissedMeaning =
        "Takes the place of pushes that `resume` can't send because they are no longer kept, and of live ones when more than are kept "
        + "were written before the server could send them. It is also sent when `last_push_seq` is "
        + "higher than the user's newest seq (it was another user's, or a backup has been restored), so that the server can't tell "
        + "what was missed: from_seq is then 1, and to_seq the newest seq, or 0 if there is none. Reload what you show. Seq is "
        + "to_seq: continue from there, even if that is lower than the seq you had.";

    private readonly MissedPushes _missed = new(pushes);

    public void Map(OpcodeTable table) => table
        .Defer(Opcode.RequestCode, new RequestCodeHandler(accounts, sms, limiter, guard, hash, rules, clock), new()
        {
            Access = Access.Anonymous,
            Cost = RequestCost.Write,
            RateLimit = RateLimit.SignIn,
            Failures = [StatusCode.CodeTooOften],
        })
        .Defer(Opcode.Login, new LoginHandler(accounts, activity, _missed, tokens, sessions, limiter, guard, hash, clock), new()
        {
            Access = Access.Anonymous,
            Cost = RequestCost.Write,
            RateLimit = RateLimit.SignIn,
            SignsIn = true,
            RunsAlone = true,
            Failures = [StatusCode.BadCode, StatusCode.LockedOut],
        })
        .Defer(Opcode.Resume, new ResumeHandler(devices, activity, _missed, tokens, sessions, clock), new()
        {
            Access = Access.Anonymous,
            Cost = RequestCost.Write,
            RateLimit = RateLimit.Resume,
            SignsIn = true,
            RunsAlone = true,
            MayRepeat = true,
            Failures = [StatusCode.TokenInvalid],
        })
        .Defer(Opcode.Logout, new LogoutHandler(devices, sessions), new() { Cost = RequestCost.Write, RunsAlone = true })
        .Defer(Opcode.Devices, new DevicesHandler(devices, clock), new() { MayRepeat = true })
        .Defer(Opcode.SignOut, new SignOutHandler(devices), new() { Cost = RequestCost.Write, RunsAlone = true, MayRepeat = true })
        .Defer(Opcode.Profile, new ProfileHandler(accounts, friends, blocks, clock), new()
        {
            MayRepeat = true,
            Failures = [StatusCode.NoSuchUser, StatusCode.Blocked],
        })
        .Defer(Opcode.UpdateProfile, new UpdateProfileHandler(accounts, permissions, clock), new()
        {
            Cost = RequestCost.Write,
            MayRepeat = true,
            ConditionalPermissions =
                [new(Permission.AnyLocation, "a new `dating_location` that is neither empty nor the user's own `location`")],
            Failures = [StatusCode.NoSuchUser],
        })
        .Push<SignedOutPush>(Opcode.SignedOut, "The connection is no longer signed in.", isNumbered: false)
        .Push<MissedPush>(Opcode.Missed, MissedMeaning);
}
