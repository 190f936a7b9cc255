using System.ComponentModel;
using System.Runtime.CompilerServices;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;

namespace Swiper.Core.Accounts;

public readonly record struct ResumeRequest(
    [Description("from `login`")] string Token,
    [Description("the seq of the last push that arrived; the ones after it are sent again")] long? LastPushSeq = null) : IPayload<ResumeRequest>
{
    public static ResumeRequest Read(scoped ref FieldReader fields) =>
        new(fields.String("token", ITokens.MaxLength), fields.OptionalInt64("last_push_seq"));

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(2);
        writer.WriteString(Token);
        writer.WriteOptionalInt64(LastPushSeq);
    }
}

public readonly record struct ResumeReply(
    [Description("who signed in")] long Uid,
    [Description("when the token ends")] long Expires) : IPayload<ResumeReply>
{
    public static ResumeReply Read(scoped ref FieldReader fields) => new(fields.Int64("uid"), fields.Int64("expires"));

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(2);
        writer.WriteInt64(Uid);
        writer.WriteInt64(Expires);
    }
}

[Description("Signs the connection in with a token. The missed pushes come before the reply, in order, and live ones after them.")]
internal sealed class ResumeHandler(IAccountRepository accounts, IPushRepository pushes, ITokens tokens, SessionRegistry sessions)
    : IDeferredHandler<ResumeRequest, ResumeReply>
{
    private static readonly Failure TokenInvalid = new(StatusCode.TokenInvalid, "the token is not good, log in again");

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Outcome<ResumeReply>> HandleAsync(Session session, ResumeRequest request)
    {
        if (!tokens.TryRead(request.Token, out var identity) || await accounts.IsRevokedAsync(identity.Uid, identity.TokenId))
            return TokenInvalid;

        var lastSent = request.LastPushSeq ?? await pushes.ReadLastSeqAsync(identity.Uid);
        // Signed in first, so that no push falls between the missed ones and the live ones, which wait until those were sent.
        if (request.LastPushSeq is not null)
            session.BeginCatchingUp();
        try
        {
            sessions.SignIn(session, identity, lastSent);
            if (await accounts.IsRevokedAsync(identity.Uid, identity.TokenId))
            {
                // Revoked since the first look, by a logout that did not see this session yet.
                sessions.Remove(session);
                return TokenInvalid;
            }
            if (request.LastPushSeq is { } last)
                await CatchUpAsync(session, identity.Uid, last);
        }
        finally
        {
            // Also where the store failed: whoever signs in on this connection later must not go without pushes.
            session.EndCatchingUp();
        }
        return new ResumeReply(identity.Uid, identity.Expires);
    }

    private async ValueTask CatchUpAsync(Session session, long uid, long last)
    {
        int missed;
        do
        {
            missed = session.Missed;
            foreach (var push in await pushes.ReadAfterAsync(uid, last))
            {
                if (session.TryAdvancePushSeq(push.Seq))
                    session.Output.AppendPush(push.Opcode, push.Seq, new PersonPush(push.Uid, push.At));
                last = push.Seq;
            }
        }
        while (!session.TryEndCatchingUp(missed));
    }
}
