using System.ComponentModel;
using System.Runtime.CompilerServices;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;

namespace Swiper.Core.Accounts;

public readonly record struct RequestCodeRequest(
    [Description("E.164: a plus and 7 to 15 digits"), MaxBytes(Accounts.Phone.MaxLength)] string Phone) : IPayload<RequestCodeRequest>
{
    public static RequestCodeRequest Read(scoped ref FieldReader fields)
    {
        var phone = fields.String("phone", Accounts.Phone.MaxLength);
        if (!Accounts.Phone.IsValid(phone))
            fields.Fail("phone", "expected a plus and 7 to 15 digits");
        return new(phone);
    }

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(1);
        writer.WriteString(Phone);
    }
}

public readonly record struct RequestCodeReply(
    [Description("seconds for which the code is valid"), Within(0, int.MaxValue)] int TtlS,
    [Description("seconds until another code can be requested"), Within(0, int.MaxValue)] int ResendS,
    [Description("pass it to `login`; it binds the code to this device"), MaxBytes(CodeRules.MaxNonceLength)] string? Nonce)
    : IPayload<RequestCodeReply>
{
    public static RequestCodeReply Read(scoped ref FieldReader fields) => new(
        fields.Int32("ttl_s", 0, int.MaxValue),
        fields.Int32("resend_s", 0, int.MaxValue),
        fields.OptionalString("nonce", CodeRules.MaxNonceLength));

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(3);
        writer.WriteInt64(TtlS);
        writer.WriteInt64(ResendS);
        writer.WriteOptionalString(Nonce);
    }
}

[Description("Sends a six-digit login code to a phone, under the rules of [codes and devices](#codes-and-devices).")]
internal sealed class RequestCodeHandler(
    IAccountRepository accounts, ISmsSender sms, IRequestLimiter limiter, ICodeGuard guard, ICodeHash hash, CodeRules rules,
    TimeProvider clock)
    : IDeferredHandler<RequestCodeRequest, RequestCodeReply>
{
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Outcome<RequestCodeReply>> HandleAsync(Session session, RequestCodeRequest request)
    {
        var fresh = CodeRules.NewCode(session.Address, clock.NowMs());
        if (!limiter.HasRoom(session, RateLimit.SendCode, out var retryAfter))
            return Failure.Throttled(retryAfter);
        var kept = fresh with { Code = hash.Of(request.Phone, fresh.Code) };
        var failure = await accounts.IssueCodeAsync(request.Phone, kept);
        if (failure.Code != StatusCode.Ok)
            return failure;

        // Counted only now that a message will be sent: rejected requests are free. Concurrent requests may have used up the limit.
        if (!limiter.TryAcquire(session, RateLimit.SendCode, out retryAfter) || !guard.TrySend(out retryAfter))
        {
            await accounts.WithdrawCodeAsync(request.Phone, kept);
            return Failure.Throttled(retryAfter);
        }
        session.NoteCodeSent();
        try
        {
            await sms.SendAsync(
                request.Phone, $"{fresh.Code} is your Swiper code. It is good for {CodeRules.Lifetime.TotalMinutes:0} minutes.");
        }
        catch (SmsNotSentException notSent)
        {
            await accounts.WithdrawCodeAsync(request.Phone, kept, hasFailed: true);
            return new Failure(StatusCode.Unavailable, $"{notSent.Message}, try again in a minute");
        }
        return new RequestCodeReply((int)CodeRules.Lifetime.TotalSeconds, (int)rules.ResendAfter.TotalSeconds, fresh.Nonce);
    }
}
