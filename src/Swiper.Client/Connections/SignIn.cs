using Swiper.Client.Pushes;
using Swiper.Client.Requests;
using Swiper.Core.Protocol;

namespace Swiper.Client.Connections;

/// <summary>
/// The signed-in user and what is needed to sign in again. Taken from the replies before their callers get them.
/// </summary>
internal sealed class SignIn(PushFeed pushes)
{
    private volatile Identity? _current;
    private volatile AskedCode? _asked;
    private long _lastUid;

    public Identity? Current => _current;

    public void OnSuccess(PendingRequest request, ReadOnlySpan<byte> data)
    {
        var fields = new FieldReader(data);
        switch (request)
        {
            case PendingRequest<RequestCodeRequest, RequestCodeReply> asked:
                _asked = new AskedCode(asked.Request.Phone, RequestCodeReply.Read(ref fields).Nonce);
                break;
            case { Opcode: Opcode.Login }:
                var login = LoginReply.Read(ref fields);
                if (fields.Problem is null)
                    Become(new Identity(login.Uid, login.Token), login.PushSeq);
                break;
            case PendingRequest<ResumeRequest, ResumeReply> resume:
                var resumed = ResumeReply.Read(ref fields);
                // The missed pushes have arrived before.
                pushes.EndResume();
                if (fields.Problem is null)
                    Become(new Identity(resumed.Uid, resume.Request.Token), resumed.PushSeq);
                break;
            case { Opcode: Opcode.Logout }:
                _current = null;
                break;
        }
    }

    public void Forget() => _current = null;

    /// <summary>The nonce of the code last requested here; null if that was for another phone.</summary>
    public string? NonceOf(string phone) => _asked is { } asked && asked.Phone == phone ? asked.Nonce : null;

    // The server's number is authoritative: live pushes continue after it and follow the reply. A resume has sent the same user's missed
    // pushes before the reply; any other sign-in sends none.
    private void Become(Identity identity, long pushSeq)
    {
        if (_lastUid == identity.Uid && pushes.ResumeAfter is { } last && last < pushSeq)
            pushes.Accept(new SwiperPush.Missed(pushSeq, last + 1, pushSeq));
        pushes.StartAfter(pushSeq);
        _lastUid = identity.Uid;
        _current = identity;
    }

    /// <param name="Uid">The user.</param>
    /// <param name="Token">A secret of this device.</param>
    public sealed record Identity(long Uid, string Token);

    private sealed record AskedCode(string Phone, string? Nonce);
}
