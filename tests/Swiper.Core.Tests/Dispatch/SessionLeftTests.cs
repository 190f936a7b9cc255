using Swiper.Core.Dispatch;

namespace Swiper.Core.Tests.Dispatch;

/// <summary>Whether anybody still waits for what was asked for on a connection.</summary>
public sealed class SessionLeftTests
{
    private readonly SessionRegistry _registry = new();
    private readonly Session _session = new TestConnection().Session;

    public SessionLeftTests() => SignIn(uid: 1);

    [Fact]
    public void Whoever_asks_before_the_client_goes_is_told_and_whoever_asks_after_it_too()
    {
        var before = _session.Left;
        Assert.False(before.IsCancellationRequested);
        _session.NoteGone();
        Assert.True(before.IsCancellationRequested);
        Assert.True(_session.Left.IsCancellationRequested);
    }

    [Fact]
    public void A_sign_out_is_told_until_the_next_sign_in()
    {
        var before = _session.Left;
        _registry.SignOut(uid: 1, tokenId: 10, SignedOutPush.SignedOut);
        Assert.True(before.IsCancellationRequested);
        Assert.True(_session.Left.IsCancellationRequested);

        SignIn(uid: 2);
        var after = _session.Left;
        Assert.False(after.IsCancellationRequested);
        _session.NoteGone();
        Assert.True(after.IsCancellationRequested);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_client_that_has_gone_does_not_come_back(bool signedOutFirst)
    {
        if (signedOutFirst)
            _registry.SignOut(uid: 1, tokenId: 10, SignedOutPush.SignedOut);
        _session.NoteGone();
        _registry.SignOut(uid: 1, tokenId: 10, SignedOutPush.SignedOut);
        SignIn(uid: 1);
        Assert.True(_session.Left.IsCancellationRequested);
    }

    private void SignIn(long uid) => _registry.SignIn(_session, new Identity(uid, TokenId: 10 * uid, Expires: long.MaxValue));
}
