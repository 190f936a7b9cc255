using Swiper.Client.Pushes;
using Swiper.Client.Requests;
using Swiper.Core.Accounts;
using Swiper.Core.Protocol;

namespace Swiper.Client.Connections;

/// <summary>
/// Who is signed in, and what signs in again on the next connection. Learnt from the replies, before their callers are told.
/// </summary>
internal sealed class SignIn(PushFeed pushes)
{
    private volatile Identity? _current;
    private volatile AskedCode? _asked;
    private long _lastUid;

    public Identity? Current => _current;

    public void OnReply(PendingRequest request, StatusCode code, ReadOnlySpan<byte> data)
    {
        var fields = new FieldReader(data);
        switch (request)
        {
            case PendingRequest<RequestCodeRequest, RequestCodeReply> asked when code == StatusCode.Ok:
                _asked = new AskedCode(asked.Request.Phone, RequestCodeReply.Read(ref fields).Nonce);
                break;
            case { Opcode: Opcode.Login } when code == StatusCode.Ok:
                var login = LoginReply.Read(ref fields);
                if (fields.Problem is null)
                    Become(new Identity(login.Uid, login.Token), login.PushSeq);
                break;
            case PendingRequest<ResumeRequest, ResumeReply> resume when code == StatusCode.Ok:
                var resumed = ResumeReply.Read(ref fields);
                // What was missed has come before.
                pushes.EndResume();
                if (fields.Problem is null)
                    Become(new Identity(resumed.Uid, resume.Request.Token), resumed.PushSeq);
                break;
            case { Opcode: Opcode.Logout } when code == StatusCode.Ok:
                _current = null;
                break;
        }
    }

    public void Forget() => _current = null;

    /// <summary>What was told with the code that was last asked for here; null where that was for another phone.</summary>
    public string? NonceOf(string phone) => _asked is { } asked && asked.Phone == phone ? asked.Nonce : null;

    // The server's number counts, whatever was counted before: live pushes go on from there, and come after the reply. What the same
    // user was pushed meanwhile a resume has sent before it; another sign-in brings none of it.
    private void Become(Identity identity, long pushSeq)
    {
        if (_lastUid == identity.Uid && pushes.ResumeAfter is { } last && last < pushSeq)
            pushes.Accept(new SwiperPush.Missed(pushSeq, last + 1, pushSeq));
        pushes.StartAfter(pushSeq);
        _lastUid = identity.Uid;
        _current = identity;
    }

    /// <param name="Uid">Who.</param>
    /// <param name="Token">A secret of this device.</param>
    public sealed record Identity(long Uid, string Token);

    private sealed record AskedCode(string Phone, string? Nonce);
}
