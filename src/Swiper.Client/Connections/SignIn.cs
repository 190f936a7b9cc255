using Swiper.Client.Pushes;
using Swiper.Client.Requests;
using Swiper.Core.Accounts;
using Swiper.Core.Protocol;

namespace Swiper.Client.Connections;

/// <summary>Who is signed in, and what signs in again on the next connection. Learnt from the replies, before their callers are told.</summary>
internal sealed class SignIn(PushFeed pushes)
{
    private volatile Identity? _current;
    private long _lastUid;

    public Identity? Current => _current;

    public void OnReply(PendingRequest request, StatusCode code, ReadOnlySpan<byte> data)
    {
        var fields = new FieldReader(data);
        switch (request)
        {
            case { Opcode: Opcode.Login } when code == StatusCode.Ok:
                var login = LoginReply.Read(ref fields);
                if (fields.Problem is null)
                    Become(new Identity(login.Uid, login.Token), keepsOrder: false);
                break;
            case PendingRequest<ResumeRequest, ResumeReply> resume when code == StatusCode.Ok:
                var resumed = ResumeReply.Read(ref fields);
                if (fields.Problem is null)
                    Become(new Identity(resumed.Uid, resume.Request.Token), keepsOrder: resume.Request.LastPushSeq is not null);
                pushes.EndResume();
                break;
            case { Opcode: Opcode.Logout } when code == StatusCode.Ok:
                _current = null;
                break;
        }
    }

    public void Forget() => _current = null;

    // The seq of pushes counts per user: that of another user says nothing, unless the resume named the one to go on from.
    private void Become(Identity identity, bool keepsOrder)
    {
        if (_lastUid != identity.Uid && !keepsOrder)
            pushes.StartAfter(null);
        _lastUid = identity.Uid;
        _current = identity;
    }

    /// <param name="Uid">Who.</param>
    /// <param name="Token">A secret of this device.</param>
    public sealed record Identity(long Uid, string Token);
}
