using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Swiper.Core.Accounts;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Core.Social;
using Swiper.Storage.Accounts;
using Swiper.Storage.Embedded;
using Swiper.Storage.Embedded.Social;
using Swiper.Storage.Friends;
using Swiper.Storage.Records;
using Swiper.Storage.Social;

namespace Swiper.Storage.Tests.Social;

/// <summary>What follows from a rewind, when it is done more than once: who only seemed dead, or slow, comes late.</summary>
public sealed class RewindsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());
    private readonly EmbeddedEngine _engine;
    private readonly AccountRepository _accounts;
    private readonly EmbeddedSwipeRepository _swipes;
    private readonly FriendRepository _friends;

    public RewindsTests()
    {
        var sessions = new SessionRegistry();
        _engine = new EmbeddedEngine(
            new EmbeddedOptions(_folder, Shards: 2, CachedProfiles: 100, CodeRules.Standard), sessions, _clock,
            NullLogger<EmbeddedStorage>.Instance);
        _accounts = new AccountRepository(
            _engine.Records, _engine.Directory, new DeviceRepository(_engine.Records, sessions), CodeRules.Standard);
        var blocks = new BlockRepository(_engine.Records, _engine.Directory, _clock, NullLogger.Instance);
        blocks.Loaded();
        _swipes = new EmbeddedSwipeRepository(_engine, blocks);
        _friends = new FriendRepository(_engine.Records, blocks);
        _engine.Start();
    }

    public void Dispose()
    {
        _engine.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Done_again_after_the_two_have_become_friends_anew_it_leaves_them_alone()
    {
        var (ann, bob) = (await NewPersonAsync(), await NewPersonAsync());
        await LikeAsync(bob, ann);
        var first = await LikeAsync(ann, bob);
        _clock.Advance(TimeSpan.FromSeconds(1));
        var rewound = _clock.NowMs();
        Assert.True((await _swipes.RewindAsync(ann, rewound)).IsOk);
        await UntilDoneAsync(ann);
        Assert.False(await _friends.AreFriendsAsync(bob, ann));
        await LikeAsync(ann, bob);

        await _engine.Records.RunAsync(ann, session => session.FollowUpAsync(
            FollowUpKind.Rewound, ann, PayloadBytes.Of(new TakenBackSwipe(ann, bob, SwipeKind.Like, first, rewound))));
        await UntilDoneAsync(ann);

        Assert.True(await _friends.AreFriendsAsync(ann, bob));
        Assert.True(await _friends.AreFriendsAsync(bob, ann));
        Assert.Equal(
            [Opcode.Matched, Opcode.Unmatched, Opcode.Matched],
            await _engine.Records.ReadAsync(bob, async connection =>
                (await connection.QueryAsync<int>("SELECT op FROM pushes WHERE uid = @bob ORDER BY seq", new { bob }))
                .Select(op => (Opcode)op)));
    }

    private async Task<long> NewPersonAsync()
    {
        var uid = _engine.Uids.Next();
        Assert.True(await _accounts.AddAsync(
            new Profile { Uid = uid, Phone = $"+999{uid % 1_000_000_000:D9}", Created = _clock.NowMs() }));
        return uid;
    }

    // Answers when.
    private async Task<long> LikeAsync(long uid, long sid)
    {
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        var at = _clock.NowMs();
        Assert.Equal(default, (await _swipes.SwipeAsync(uid, sid, SwipeKind.Like, at)).Failure.Code);
        return at;
    }

    private Task UntilDoneAsync(long uid) => Eventually.HoldsAsync(
        async () => await _engine.Records.ReadAsync(uid, connection =>
            connection.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM follow_ups")) == 0,
        "the follow-ups are done");
}
