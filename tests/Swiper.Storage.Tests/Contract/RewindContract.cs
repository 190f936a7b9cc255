using Swiper.Core.Accounts;
using Swiper.Core.Dispatch;
using Swiper.Core.Friends;
using Swiper.Core.Protocol;
using Swiper.Core.Ranking;
using Swiper.Core.Social;
using Swiper.Storage.Tests.Cluster;

namespace Swiper.Storage.Tests.Contract;

/// <summary>What <see cref="ISwipeRepository"/> promises of rewinds and of the likes of a day.</summary>
[Collection(nameof(ClusterCollection))]
public sealed class RewindContract(ClusterServers servers) : EngineContract(servers)
{
    private static readonly long FiveMinutes = (long)SwipeRules.RewindWithin.TotalMilliseconds;

    // Noon: no test runs past midnight.
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(DateTime.UtcNow.Date.AddHours(12), TimeSpan.Zero));

    protected override TimeProvider Clock => _clock;

    [Theory]
    [OnEveryEngine(SwipeKind.Like)]
    [OnEveryEngine(SwipeKind.Superlike)]
    [OnEveryEngine(SwipeKind.Dislike)]
    public async Task The_last_swipe_is_taken_back_as_if_it_had_not_been_made(EngineKind engine, SwipeKind kind)
    {
        await StartAsync(engine);
        var people = await NewPeopleAsync(3);
        var (ann, bob, eve) = (people[0], people[1], people[2]);
        await SwipeAsync(ann, eve);
        await SwipeAsync(ann, bob, kind);
        Assert.Equal(kind == SwipeKind.Superlike, await HasSuperlikersAsync());

        Assert.Equal(new RewindReply(bob, kind, LeftToday: 2), await RewindAsync(ann));

        Assert.Empty(await Engine.Likes.ReadAsync(bob, null, 10));
        Assert.False(await HasSuperlikersAsync());
        Assert.Equal([ann], (await Engine.Likes.ReadAsync(eve, null, 10)).Select(like => like.Uid));
        foreach (var board in Enum.GetValues<BoardName>())
            Assert.Null(await SettledBoards.RankOfAsync(board, bob));
        Assert.Equal(new DayUse(Likes: 1, Rewinds: 1), await UseAsync(ann));

        // Any kind is a new swipe, also after a restart.
        await ReopenAsync();
        Assert.Equal(new SwipeReply(Matched: false, Repeated: false), await SwipeAsync(ann, bob, Other(kind)));
        Assert.Equal(new DayUse(Likes: kind == SwipeKind.Like ? 1 : 2, Rewinds: 1), await UseAsync(ann));

        async Task<bool> HasSuperlikersAsync() => (await Engine.Decks.DrawAsync(
            (await Engine.Accounts.FindAsync(bob))!.Profile with { DatingSex = Sex.Female }, 30, WireTime.Day(Now)))
            .People.Any(person => person.SuperlikedMe);
    }

    [Theory, OnEveryEngine]
    public async Task A_match_ends_for_both_and_may_be_made_again(EngineKind engine)
    {
        await StartAsync(engine);
        var people = await NewPeopleAsync(2);
        var (ann, bob) = (people[0], people[1]);
        await SwipeAsync(bob, ann, SwipeKind.Superlike);
        Assert.True((await SwipeAsync(ann, bob)).Matched);

        await RewindAsync(ann);

        Assert.False(await Engine.Friends.AreFriendsAsync(ann, bob));
        Assert.False(await Engine.Friends.AreFriendsAsync(bob, ann));
        var unmatched = new StoredPush(2, Opcode.Unmatched, ann, Now, PayloadBytes.Of(new UnmatchedPush(ann)));
        Assert.Equivalent(unmatched, (await PushesAsync(bob))[^1]);
        Assert.DoesNotContain(await PushesAsync(ann), push => push.Opcode == Opcode.Unmatched);
        // Bob's superlike stands and is unanswered again.
        Assert.Equal([new ReceivedLike(bob, SwipeKind.Superlike, Now)], await Engine.Likes.ReadAsync(ann, null, 10));
        Assert.Equal(new SwipeReply(Matched: false, Repeated: true), await SwipeAsync(bob, ann, SwipeKind.Superlike));

        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(new SwipeReply(Matched: true, Repeated: false), await SwipeAsync(ann, bob));
        Assert.True(await Engine.Friends.AreFriendsAsync(bob, ann));
        Assert.Equal(Opcode.Matched, (await PushesAsync(bob))[^1].Opcode);
    }

    [Theory, OnEveryEngine]
    public async Task A_like_that_was_answered_by_the_swipe_that_is_taken_back_is_unanswered_again(EngineKind engine)
    {
        await StartAsync(engine);
        var people = await NewPeopleAsync(2);
        var (ann, bob) = (people[0], people[1]);
        var like = new ReceivedLike(bob, SwipeKind.Like, Now);
        await SwipeAsync(bob, ann);
        await SwipeAsync(ann, bob, SwipeKind.Dislike);
        // Whoever reads them lets go of the answered ones.
        Assert.Empty(await Engine.Likes.ReadAsync(ann, null, 10));

        await RewindAsync(ann);

        Assert.Equal([like], await Engine.Likes.ReadAsync(ann, null, 10));
        await ReopenAsync();
        Assert.Equal([like], await Engine.Likes.ReadAsync(ann, null, 10));
        Assert.True((await SwipeAsync(ann, bob)).Matched);
    }

    [Theory, OnEveryEngine]
    public async Task An_ended_friendship_does_not_begin_again_by_a_rewind(EngineKind engine)
    {
        await StartAsync(engine);
        var people = await NewPeopleAsync(2);
        var (ann, bob) = (people[0], people[1]);
        await SwipeAsync(bob, ann);
        await SwipeAsync(ann, bob);
        Assert.True((await Engine.Friends.EndAsync(bob, ann, Now)).IsOk);
        await Eventually.HoldsAsync(async () => !await Engine.Friends.AreFriendsAsync(ann, bob), "the friendship has ended");

        await RewindAsync(ann);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(new SwipeReply(Matched: false, Repeated: false), await SwipeAsync(ann, bob));
        Assert.Equal(new SwipeReply(Matched: false, Repeated: true), await SwipeAsync(ann, bob));

        Assert.False(await Engine.Friends.AreFriendsAsync(ann, bob));
        Assert.False(await Engine.Friends.AreFriendsAsync(bob, ann));
        Assert.Single(await PushesAsync(bob), push => push.Opcode == Opcode.Matched);
    }

    [Theory]
    [OnEveryEngine(true)]
    [OnEveryEngine(false)]
    public async Task A_former_friend_does_not_come_back_by_a_rewind(EngineKind engine, bool byTheOneWhoEndsIt)
    {
        await StartAsync(engine);
        var people = await NewPeopleAsync(3);
        var (ann, bob, eve) = (people[0], people[1], people[2]);
        await SwipeAsync(bob, ann, SwipeKind.Superlike);
        Assert.True((await SwipeAsync(ann, bob)).Matched);
        // Not waited for: the rewind comes before the end or after it in the shard of the other one.
        Assert.True((await (byTheOneWhoEndsIt ? Engine.Friends.EndAsync(ann, bob, Now) : Engine.Friends.EndAsync(bob, ann, Now))).IsOk);

        Assert.Equal(new RewindReply(bob, SwipeKind.Like, LeftToday: 2), await RewindAsync(ann));
        await AssertApartAsync();
        await EmptyIndexAsync();
        await AssertApartAsync();
        await ReopenAsync();
        await AssertApartAsync();

        // Nor by one of the other.
        await RewindAsync(bob);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(new SwipeReply(Matched: false, Repeated: false), await SwipeAsync(ann, bob, SwipeKind.Superlike));
        await QuietAsync();
        await AssertApartAsync();
        Assert.Equal(new SwipeReply(Matched: false, Repeated: false), await SwipeAsync(bob, ann));
        await QuietAsync();
        await ReopenAsync();
        await AssertApartAsync();
        Assert.False(await Engine.Friends.AreFriendsAsync(ann, bob));

        async Task AssertApartAsync()
        {
            foreach (var (uid, other) in new[] { (ann, bob), (bob, ann) })
            {
                var profile = (await Engine.Accounts.FindAsync(uid))!.Profile with { DatingSex = Sex.Female };
                var deck = await Engine.Decks.DrawAsync(profile, 30, WireTime.Day(Now));
                Assert.Equal([eve], deck.People.Select(person => person.Uid));
                Assert.True(Engine.Blocks.AreFormerFriends(uid, other));
                Assert.False(Engine.Blocks.AreBlocked(uid, other));
            }
        }
    }

    [Theory, OnEveryEngine]
    public async Task Who_has_completed_a_match_that_is_over_is_told_so_again_while_the_other_likes_anew(EngineKind engine)
    {
        await StartAsync(engine);
        var pairs = (await NewPeopleAsync(60)).Chunk(2).ToArray();
        foreach (var pair in pairs)
        {
            await SwipeAsync(pair[1], pair[0]);
            Assert.True((await SwipeAsync(pair[0], pair[1])).Matched);
            Assert.True((await Engine.Friends.EndAsync(pair[0], pair[1], Now)).IsOk);
        }

        await QuietAsync();
        foreach (var pair in pairs)
            await RewindAsync(pair[1]);
        _clock.Advance(TimeSpan.FromMilliseconds(1));

        var (anew, repeats) = (new List<Task<SwipeReply>>(), new List<Task<SwipeReply>>());
        foreach (var pair in pairs)
        {
            anew.Add(SwipeAsync(pair[1], pair[0]));
            repeats.Add(SwipeAsync(pair[0], pair[1]));
        }

        Assert.All(await Task.WhenAll(anew), reply => Assert.Equal(new SwipeReply(Matched: false, Repeated: false), reply));
        Assert.All(await Task.WhenAll(repeats), reply => Assert.Equal(new SwipeReply(Matched: true, Repeated: true), reply));
    }

    [Theory, OnEveryEngine]
    public async Task Rewinds_go_back_swipe_by_swipe_three_times_a_day(EngineKind engine)
    {
        await StartAsync(engine);
        var people = await NewPeopleAsync(6);
        var ann = people[0];
        // All at the same instant: what counts is their order.
        foreach (var other in people[1..])
            await SwipeAsync(ann, other, SwipeKind.Dislike);

        Assert.Equal(people[5], (await RewindAsync(ann)).Sid);
        Assert.Equal(1, (await RewindAsync(ann)).LeftToday);
        Assert.Equal(0, (await RewindAsync(ann)).LeftToday);
        AssertFailed(StatusCode.RewindLimit, await Engine.Swipes.RewindAsync(ann, Now));
        Assert.Equal(new DayUse(Likes: 0, Rewinds: 3), await UseAsync(ann));
        await ReopenAsync();
        AssertFailed(StatusCode.RewindLimit, await Engine.Swipes.RewindAsync(ann, Now));

        // The day ends at 00:00 UTC; a swipe of yesterday is of yesterday's likes.
        _clock.Advance(TimeSpan.FromHours(12) - TimeSpan.FromSeconds(1));
        await SwipeAsync(ann, people[5]);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, (await RewindAsync(ann)).LeftToday);
        Assert.Equal(new DayUse(Likes: 0, Rewinds: 1), await UseAsync(ann));
    }

    [Theory, OnEveryEngine]
    public async Task A_swipe_can_be_taken_back_for_five_minutes(EngineKind engine)
    {
        await StartAsync(engine);
        var people = await NewPeopleAsync(3);
        AssertFailed(StatusCode.NothingToRewind, await Engine.Swipes.RewindAsync(people[0], Now));
        await SwipeAsync(people[0], people[1]);
        await SwipeAsync(people[0], people[2]);

        _clock.Advance(TimeSpan.FromMilliseconds(FiveMinutes));
        Assert.Equal(people[2], (await RewindAsync(people[0])).Sid);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        AssertFailed(StatusCode.RewindTooLate, await Engine.Swipes.RewindAsync(people[0], Now));
        await ReopenAsync();
        AssertFailed(StatusCode.RewindTooLate, await Engine.Swipes.RewindAsync(people[0], Now));
        // Whoever has not been swiped by anybody but by the one who takes it back has nothing to take back.
        AssertFailed(StatusCode.NothingToRewind, await Engine.Swipes.RewindAsync(people[1], Now));
    }

    [Theory, OnEveryEngine]
    public async Task Requests_that_do_not_wait_for_each_other_keep_their_order(EngineKind engine)
    {
        await StartAsync(engine);
        var people = await NewPeopleAsync(3);
        var (ann, bob, eve) = (people[0], people[1], people[2]);

        var first = Engine.Swipes.SwipeAsync(ann, bob, SwipeKind.Like, Now).AsTask();
        var rewind = Engine.Swipes.RewindAsync(ann, Now).AsTask();
        var again = Engine.Swipes.SwipeAsync(ann, bob, SwipeKind.Dislike, Now).AsTask();
        var last = Engine.Swipes.SwipeAsync(ann, eve, SwipeKind.Like, Now).AsTask();

        Assert.Equal(new SwipeReply(Matched: false, Repeated: false), (await first).Value);
        Assert.Equal(new RewindReply(bob, SwipeKind.Like, LeftToday: 2), (await rewind).Value);
        Assert.Equal(new SwipeReply(Matched: false, Repeated: false), (await again).Value);
        Assert.Equal(new SwipeReply(Matched: false, Repeated: false), (await last).Value);
        Assert.Equal(eve, (await RewindAsync(ann)).Sid);
    }

    [Theory, OnEveryEngine]
    public async Task Rewinds_at_once_take_back_a_swipe_each_and_no_more_than_the_day_has(EngineKind engine)
    {
        await StartAsync(engine);
        var people = await NewPeopleAsync(6);
        foreach (var other in people[1..])
            await SwipeAsync(people[0], other, SwipeKind.Superlike);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Engine.Swipes.RewindAsync(people[0], Now).AsTask()));

        Assert.Equal(3, outcomes.Where(outcome => outcome.IsOk).Select(outcome => outcome.Value.Sid).Distinct().Count());
        Assert.All(outcomes.Where(outcome => !outcome.IsOk), outcome => AssertFailed(StatusCode.RewindLimit, outcome));
        Assert.Equal(7, outcomes.Count(outcome => !outcome.IsOk));
    }

    [Theory, OnEveryEngine]
    public async Task A_like_and_the_rewind_of_the_one_that_it_answers_make_friends_or_not_but_agree(EngineKind engine)
    {
        await StartAsync(engine);
        for (var round = 0; round < 20; round++)
        {
            var people = await NewPeopleAsync(2);
            var (ann, bob) = (people[0], people[1]);
            var first = Engine.Swipes.SwipeAsync(ann, bob, SwipeKind.Like, Now).AsTask();
            if (round % 2 == 0)
                await first;
            var back = Engine.Swipes.SwipeAsync(bob, ann, SwipeKind.Superlike, Now).AsTask();
            var rewind = Engine.Swipes.RewindAsync(ann, Now).AsTask();

            Assert.True((await first).IsOk);
            Assert.True((await back).IsOk);
            Assert.True((await rewind).IsOk);
            await QuietAsync();
            Assert.False(await Engine.Friends.AreFriendsAsync(ann, bob));
            Assert.False(await Engine.Friends.AreFriendsAsync(bob, ann));
            Assert.Equal([bob], (await Engine.Likes.ReadAsync(ann, null, 10)).Select(like => like.Uid));
            Assert.Empty(await Engine.Likes.ReadAsync(bob, null, 10));
            var told = (await PushesAsync(bob)).Select(push => push.Opcode).ToList();
            Assert.Equal(told.Contains(Opcode.Matched), told.Contains(Opcode.Unmatched));

            Assert.True((await SwipeAsync(ann, bob)).Matched);
            Assert.True(await Engine.Friends.AreFriendsAsync(bob, ann));
        }
    }

    [Theory, OnEveryEngine]
    public async Task Both_may_take_back_a_match_at_once(EngineKind engine)
    {
        await StartAsync(engine);
        for (var round = 0; round < 10; round++)
        {
            var people = await NewPeopleAsync(2);
            await SwipeAsync(people[0], people[1]);
            await SwipeAsync(people[1], people[0]);

            var rewinds = await Task.WhenAll(people.Select(uid => Engine.Swipes.RewindAsync(uid, Now).AsTask()));
            Assert.All(rewinds, rewind => Assert.True(rewind.IsOk, rewind.Failure.Message));
            await QuietAsync();

            foreach (var (uid, other) in new[] { (people[0], people[1]), (people[1], people[0]) })
            {
                Assert.False(await Engine.Friends.AreFriendsAsync(uid, other));
                await Eventually.HoldsAsync(
                    async () => (await Engine.Likes.ReadAsync(uid, null, 10)).Count == 0, "no like is left");
                Assert.Null(await SettledBoards.RankOfAsync(BoardName.All, uid));
            }

            Assert.False((await SwipeAsync(people[0], people[1])).Matched);
            Assert.True((await SwipeAsync(people[1], people[0])).Matched);
        }
    }

    [Theory, OnEveryEngine]
    public async Task A_day_has_so_many_likes_and_superlikes_and_dislikes_do_not_count(EngineKind engine)
    {
        await StartAsync(engine);
        var people = await NewPeopleAsync(8);
        var ann = people[0];
        await SwipeAsync(ann, people[1], SwipeKind.Superlike);
        await SwipeAsync(ann, people[2], SwipeKind.Dislike);
        foreach (var other in people[3..6])
        {
            _clock.Advance(TimeSpan.FromMilliseconds(1));
            Assert.True((await LikeAsync(ann, other, most: 3)).IsOk);
        }

        AssertFailed(StatusCode.LikeQuota, await LikeAsync(ann, people[6], most: 3));
        Assert.Equal(new SwipeReply(Matched: false, Repeated: true), (await LikeAsync(ann, people[5], most: 3)).Value);
        AssertFailed(StatusCode.RepeatSwipe, await LikeAsync(ann, people[1], most: 3));
        Assert.Equal(new DayUse(Likes: 3, Rewinds: 0), await UseAsync(ann));
        await ReopenAsync();
        AssertFailed(StatusCode.LikeQuota, await LikeAsync(ann, people[6], most: 3));
        // What was refused is no swipe, so another kind is none of another kind.
        await SwipeAsync(ann, people[6], SwipeKind.Superlike);

        Assert.Equal(people[6], (await RewindAsync(ann)).Sid);
        AssertFailed(StatusCode.LikeQuota, await LikeAsync(ann, people[6], most: 3));
        Assert.Equal(people[5], (await RewindAsync(ann)).Sid);
        Assert.True((await LikeAsync(ann, people[6], most: 3)).IsOk);
        AssertFailed(StatusCode.LikeQuota, await LikeAsync(ann, people[7], most: 3));
        // Without a limit they count, too.
        await SwipeAsync(ann, people[7]);
        Assert.Equal(4, (await UseAsync(ann)).Likes);

        _clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(default, await UseAsync(ann));
        Assert.True((await LikeAsync(ann, people[5], most: 1)).IsOk);
        AssertFailed(StatusCode.LikeQuota, await LikeAsync(ann, (await NewPeopleAsync(1))[0], most: 1));
    }

    [Theory, OnEveryEngine]
    public async Task A_hundred_likes_at_once_are_as_many_as_the_day_has(EngineKind engine)
    {
        await StartAsync(engine);
        var people = await NewPeopleAsync(101);
        var others = people[1..];
        await LikeAsync(people[0], others[0], most: 30);

        // Each of them twice, those that were made before as well.
        var outcomes = await Task.WhenAll(others.Concat(others).Select(other => LikeAsync(people[0], other, most: 30)));

        Assert.Equal(29, outcomes.Count(outcome => outcome is { IsOk: true, Value.Repeated: false }));
        Assert.All(outcomes.Where(outcome => !outcome.IsOk), outcome => AssertFailed(StatusCode.LikeQuota, outcome));
        Assert.Equal(30, (await UseAsync(people[0])).Likes);
        var liked = 0;
        foreach (var other in others)
            liked += (await Engine.Likes.ReadAsync(other, null, 10)).Count;
        Assert.Equal(30, liked);
    }

    private Task<Outcome<SwipeReply>> LikeAsync(long uid, long sid, int most) =>
        Engine.Swipes.SwipeAsync(uid, sid, SwipeKind.Like, Now, most).AsTask();

    // The reply does not wait for long for what follows from a rewind.
    private async Task<RewindReply> RewindAsync(long uid)
    {
        var outcome = await Engine.Swipes.RewindAsync(uid, Now);
        Assert.True(outcome.IsOk, outcome.Failure.Message);
        await QuietAsync();
        return outcome.Value;
    }

    private async Task<DayUse> UseAsync(long uid) => await Engine.Swipes.ReadUseAsync(uid, WireTime.DayNumber(Now));

    private static SwipeKind Other(SwipeKind kind) => kind == SwipeKind.Like ? SwipeKind.Superlike : SwipeKind.Like;
}
