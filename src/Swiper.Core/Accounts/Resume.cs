using System.ComponentModel;
using System.Runtime.CompilerServices;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;

namespace Swiper.Core.Accounts;

public readonly record struct ResumeRequest(
    [Description("from `login`"), MaxBytes(ITokens.MaxLength)] string Token,
    [Description("the seq of the last push that arrived, or `push_seq` of the last sign-in if none did; the pushes after it are sent, "
        + "or none if absent"), Within(0)]
    long? LastPushSeq = null) : IPayload<ResumeRequest>
{
    public static ResumeRequest Read(scoped ref FieldReader fields)
    {
        var request = new ResumeRequest(fields.String("token", ITokens.MaxLength), fields.OptionalInt64("last_push_seq"));
        if (request.LastPushSeq < 0)
            fields.Fail("last_push_seq", "expected 0 or more");
        return request;
    }

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(2);
        writer.WriteString(Token);
        writer.WriteOptionalInt64(LastPushSeq);
    }
}

public readonly record struct ResumeReply(
    [Description("the signed-in user")] long Uid,
    [Description("when the token expires"), Time] long Expires,
    [Description("the seq of the user's newest push; missed pushes up to it were sent, or reported by push 705, before this reply")]
    long PushSeq)
    : IPayload<ResumeReply>
{
    public static ResumeReply Read(scoped ref FieldReader fields) =>
        new(fields.Int64("uid"), fields.Int64("expires"), fields.Int64("push_seq"));

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(3);
        writer.WriteInt64(Uid);
        writer.WriteInt64(Expires);
        writer.WriteInt64(PushSeq);
    }
}

[Description("Signs the connection in with a token. Missed pushes arrive in order before the reply, live ones after it.")]
internal sealed class ResumeHandler(
    IDeviceRepository devices, IActivityRepository activity, MissedPushes missed, ITokens tokens, SessionRegistry sessions,
    TimeProvider clock)
    : IDeferredHandler<ResumeRequest, ResumeReply>
{
    private static readonly Failure TokenInvalid = new(StatusCode.TokenInvalid, "invalid or expired token; log in again");

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Outcome<ResumeReply>> HandleAsync(Session session, ResumeRequest request)
    {
        var client = ClientName.Of(session);
        if (!tokens.TryRead(request.Token, out var identity) || await devices.IsRevokedAsync(identity.Uid, identity.TokenId))
            return TokenInvalid;

        // Sign in first, so that no push is lost between the missed and the live ones.
        sessions.BeginSignIn(session, identity);
        try
        {
            if (!await devices.SeeAsync(identity, client, clock.NowMs()))
            {
                // Revoked since the first check, by somebody who did not yet see this session.
                sessions.AbandonSignIn(session, identity);
                return TokenInvalid;
            }
            activity.Note(identity.Uid);
            var pushSeq = await missed.SendAsync(session, identity.Uid, request.LastPushSeq);
            return new ResumeReply(identity.Uid, identity.Expires, pushSeq);
        }
        catch
        {
            sessions.AbandonSignIn(session, identity);
            throw;
        }
    }
}
