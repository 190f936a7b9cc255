using System.ComponentModel;
using System.Runtime.CompilerServices;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;

namespace Swiper.Core.Accounts;

public readonly record struct LoginRequest(
    [Description("the phone that the code was sent to"), MaxBytes(Accounts.Phone.MaxLength)] string Phone,
    [Description("the six digits"), MaxBytes(LoginRequest.MaxCodeBytes)] string Code,
    [Description("from the reply to this device's `request_code`"), MaxBytes(CodeRules.MaxNonceLength)]
    string? Nonce = null) : IPayload<LoginRequest>
{
    // More than the digits, so that one mistyped is a wrong code rather than an invalid argument.
    public const int MaxCodeBytes = 16;

    public static LoginRequest Read(scoped ref FieldReader fields)
    {
        var phone = fields.String("phone", Accounts.Phone.MaxLength);
        if (!Accounts.Phone.IsValid(phone))
            fields.Fail("phone", "expected a plus and 7 to 15 digits");
        return new(phone, fields.String("code", MaxCodeBytes), fields.OptionalString("nonce", CodeRules.MaxNonceLength));
    }

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(3);
        writer.WriteString(Phone);
        writer.WriteString(Code);
        writer.WriteOptionalString(Nonce);
    }
}

public readonly record struct LoginReply(
    [Description("the signed-in user")] long Uid,
    [Description("for `resume`; a secret of this device"), MaxBytes(ITokens.MaxLength)] string Token,
    [Description("when the token expires"), Time] long Expires,
    [Description("true if this login created the user")] bool Created,
    [Description("the seq of the user's newest push, for `resume`; 0 if there was none")] long PushSeq) : IPayload<LoginReply>
{
    public static LoginReply Read(scoped ref FieldReader fields) =>
        new(
            fields.Int64("uid"), fields.String("token", ITokens.MaxLength), fields.Int64("expires"), fields.Boolean("created"),
            fields.Int64("push_seq"));

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(5);
        writer.WriteInt64(Uid);
        writer.WriteString(Token);
        writer.WriteInt64(Expires);
        writer.WriteBoolean(Created);
        writer.WriteInt64(PushSeq);
    }
}

[Description("Signs the connection in with a code. The first login of a phone creates its user. Each login is a new device in `devices`; "
    + "the 17th of a user signs out the device that was not seen for longest. Earlier pushes are not sent; live ones follow the reply.")]
internal sealed class LoginHandler(
    IAccountRepository accounts, IActivityRepository activity, MissedPushes missed, ITokens tokens, SessionRegistry sessions,
    IRequestLimiter limiter, ICodeGuard guard, ICodeHash hash, TimeProvider clock)
    : IDeferredHandler<LoginRequest, LoginReply>
{
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Outcome<LoginReply>> HandleAsync(Session session, LoginRequest request)
    {
        var client = ClientName.Of(session);
        var code = hash.Of(request.Phone, request.Code);
        if (!guard.TryBegin(session.Address, out var retryAfter))
            return Failure.Throttled(retryAfter);
        var wasWrong = false;
        Outcome<long> owner;
        try
        {
            owner = await accounts.UseCodeAsync(request.Phone, code, request.Nonce, clock.NowMs());
            wasWrong = !owner.IsOk;
        }
        finally
        {
            guard.EndTry(session.Address, wasWrong);
        }
        if (!owner.IsOk)
            return owner.Failure;

        limiter.NoteCodeUsed(session);
        var token = tokens.Issue(owner.Value, out var identity);

        // Sign in first, so that whoever signs out the new device, which others can see from then on, finds this session.
        sessions.BeginSignIn(session, identity);
        try
        {
            var created = await accounts.SignInAsync(identity, request.Phone, client, clock.NowMs());
            activity.Note(identity.Uid);
            var pushSeq = await missed.SendAsync(session, identity.Uid, lastPushSeq: null, isNewUser: created);
            return new LoginReply(identity.Uid, token, identity.Expires, created, pushSeq);
        }
        catch
        {
            sessions.AbandonSignIn(session, identity);
            throw;
        }
    }
}
