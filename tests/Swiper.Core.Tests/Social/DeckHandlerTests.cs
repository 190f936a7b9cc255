using Swiper.Core.Accounts;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Core.Social;
using Swiper.Core.Tests.Dispatch;
using Swiper.Core.Vip;

namespace Swiper.Core.Tests.Social;

public sealed class DeckHandlerTests
{
    private readonly Store _store = new();
    private readonly Session _session = new TestConnection().Session;
    private readonly SessionRegistry _registry = new();

    public DeckHandlerTests() => _registry.SignIn(_session, new Identity(Uid: 7, TokenId: 1, Expires: long.MaxValue));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_deck_of_one_who_went_while_the_profile_was_read_is_not_searched(bool signedInAgain)
    {
        var handler = new DeckHandler(_store, _store, _store, PermissionPolicy.GrantAll, TimeProvider.System);
        var deck = handler.HandleAsync(_session, new DeckRequest());
        if (signedInAgain)
        {
            _registry.SignOut(uid: 7, tokenId: 1, SignedOutPush.SignedOut);
            _registry.SignIn(_session, new Identity(Uid: 8, TokenId: 2, Expires: long.MaxValue));
        }
        else
        {
            _session.NoteGone();
        }
        _store.Profile.SetResult(new CachedProfile(new Profile { Uid = 7, Phone = "+999", Created = 0 }));

        Assert.Equal(StatusCode.LoginRequired, (await deck).Failure.Code);
        Assert.False(_store.HasSearched);
    }

    private sealed class Store : IDeckRepository, IAccountRepository, IActivityRepository
    {
        public TaskCompletionSource<CachedProfile?> Profile { get; } = new();

        public bool HasSearched { get; private set; }

        public ValueTask<CachedProfile?> FindAsync(long uid) => new(Profile.Task);

        public ValueTask<DeckDraw> DrawAsync(
            Profile profile, int count, DateOnly today, bool why = false, CancellationToken left = default)
        {
            left.ThrowIfCancellationRequested();
            HasSearched = true;
            return new(new DeckDraw([], default));
        }

        public void Shown(long uid, DeckDraw draw, int count, DateOnly today)
        {
        }

        public void Note(long uid)
        {
        }

        public ValueTask<Failure> IssueCodeAsync(string phone, SentCode fresh) => throw new NotSupportedException();

        public ValueTask WithdrawCodeAsync(string phone, SentCode unsent, bool hasFailed = false) => throw new NotSupportedException();

        public ValueTask<Outcome<long>> UseCodeAsync(string phone, string code, string? nonce, long now) =>
            throw new NotSupportedException();

        public ValueTask<bool> SignInAsync(Identity identity, string phone, string client, long now) => throw new NotSupportedException();

        public ValueTask<Outcome<CachedProfile>> UpdateAsync(long uid, ProfileChange change, long now) =>
            throw new NotSupportedException();
    }
}
