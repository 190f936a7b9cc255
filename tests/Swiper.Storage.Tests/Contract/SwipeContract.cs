using System.Diagnostics;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Core.Ranking;
using Swiper.Core.Social;
using Swiper.Storage.Tests.Cluster;

namespace Swiper.Storage.Tests.Contract;

/// <summary>What <see cref="ISwipeRepository"/> promises, with what follows from a swipe: friends, pushes and points.</summary>
[Collection(nameof(ClusterCollection))]
public sealed class SwipeContract(ClusterServers servers) : EngineContract(servers)
{
    [Theory, OnEveryEngine]
    public async Task A_like_alone_is_no_match_and_the_one_that_answers_it_is(EngineKind engine)
    {
        await StartAsync(engine);
        var people = await NewPeopleAsync(2);
        var (ann, bob) = (people[0], people[1]);

        Assert.Equal(new SwipeReply(Matched: false, Repeated: false), await SwipeAsync(ann, bob));
        Assert.Empty(await PushesAsync(bob));
        Assert.False(await Engine.Friends.AreFriendsAsync(ann, bob));

        Assert.Equal(new SwipeReply(Matched: true, Repeated: false), await SwipeAsync(bob, ann, at: Recently.At));
        Assert.True(await Engine.Friends.AreFriendsAsync(ann, bob));
        Assert.True(await Engine.Friends.AreFriendsAsync(bob, ann));
        Assert.Equal([new StoredPush(1, Opcode.Matched, bob, Recently.At)], await PushesAsync(ann));
        Assert.Equal([new StoredPush(1, Opcode.Matched, ann, Recently.At)], await PushesAsync(bob));
    }

    [Theory, OnEveryEngine]
    public async Task A_swipe_is_answered_with_the_times_of_the_batch_that_it_was_committed_in(EngineKind engine)
    {
        await StartAsync(engine);
        var people = await NewPeopleAsync(6);
        var seen = 0;
        // Several, because one that is answered before it is awaited has no batch any more.
        foreach (var (index, me) in people.Index())
        {
            foreach (var other in people[..index])
            {
                await SwipeAsync(other, me);
                var (before, times) = (Stopwatch.GetTimestamp(), await TimesOfAsync(me, other));
                if (times == default)
                    continue;
                seen++;
                Assert.InRange(times.Began, before, times.Ended);
                Assert.InRange(times.Ended, times.Began, Stopwatch.GetTimestamp());
            }
        }

        Assert.NotEqual(0, seen);

        async Task<BatchTimes> TimesOfAsync(long me, long other)
        {
            var outcome = await Engine.Swipes.SwipeAsync(me, other, SwipeKind.Like, Now).ConfigureAwait(false);
            var times = BatchTimes.Completing;
            // The lane's thread must not wait for a test.
            await Task.Yield();
            Assert.True(outcome.Value.Matched);
            return times;
        }
    }

    [Theory]
    [OnEveryEngine(SwipeKind.Like, SwipeKind.Like, true)]
    [OnEveryEngine(SwipeKind.Like, SwipeKind.Superlike, true)]
    [OnEveryEngine(SwipeKind.Superlike, SwipeKind.Like, true)]
    [OnEveryEngine(SwipeKind.Superlike, SwipeKind.Superlike, true)]
    [OnEveryEngine(SwipeKind.Like, SwipeKind.Dislike, false)]
    [OnEveryEngine(SwipeKind.Dislike, SwipeKind.Like, false)]
    [OnEveryEngine(SwipeKind.Superlike, SwipeKind.Dislike, false)]
    [OnEveryEngine(SwipeKind.Dislike, SwipeKind.Superlike, false)]
    [OnEveryEngine(SwipeKind.Dislike, SwipeKind.Dislike, false)]
    public async Task Two_match_where_both_like_in_whatever_way(EngineKind engine, SwipeKind first, SwipeKind second, bool match)
    {
        await StartAsync(engine);
        var people = await NewPeopleAsync(2);
        Assert.False((await SwipeAsync(people[0], people[1], first)).Matched);
        Assert.Equal(match, (await SwipeAsync(people[1], people[0], second)).Matched);
        Assert.Equal(match, await Engine.Friends.AreFriendsAsync(people[0], people[1]));

        foreach (var (me, other, theirs) in new[] { (people[0], people[1], second), (people[1], people[0], first) })
        {
            var pushes = await PushesAsync(me);
            Assert.Equal(match ? 1 : 0, pushes.Count(push => push is { Opcode: Opcode.Matched } && push.Subject == other));
            Assert.Equal(theirs == SwipeKind.Superlike ? 1 : 0,
                pushes.Count(push => push is { Opcode: Opcode.Superliked } && push.Subject == other));
        }
    }

    [Theory, OnEveryEngine]
    public async Task A_repeated_swipe_answers_its_first_outcome_and_another_kind_is_refused_also_by_a_new_engine(EngineKind engine)
    {
        await StartAsync(engine);
        var people = await NewPeopleAsync(3);
        var (ann, bob, eve) = (people[0], people[1], people[2]);
        await SwipeAsync(ann, bob);
        await SwipeAsync(bob, ann);
        await SwipeAsync(eve, ann, SwipeKind.Dislike);

        await AssertRepeatsAsync();
        await ReopenAsync();
        await AssertRepeatsAsync();
        Assert.Single(await PushesAsync(ann));
        Assert.Single(await PushesAsync(bob));

        async Task AssertRepeatsAsync()
        {
            Assert.Equal(new SwipeReply(Matched: false, Repeated: true), await SwipeAsync(ann, bob));
            Assert.Equal(new SwipeReply(Matched: true, Repeated: true), await SwipeAsync(bob, ann));
            Assert.Equal(new SwipeReply(Matched: false, Repeated: true), await SwipeAsync(eve, ann, SwipeKind.Dislike));
            AssertFailed(StatusCode.RepeatSwipe, await Engine.Swipes.SwipeAsync(ann, bob, SwipeKind.Superlike, Now));
            AssertFailed(StatusCode.RepeatSwipe, await Engine.Swipes.SwipeAsync(bob, ann, SwipeKind.Dislike, Now));
            AssertFailed(StatusCode.RepeatSwipe, await Engine.Swipes.SwipeAsync(eve, ann, SwipeKind.Like, Now));
            Assert.Equal(0, (await SettledBoards.RankOfAsync(BoardName.All, ann))?.Score ?? 0);
            Assert.Equal(5, (await SettledBoards.RankOfAsync(BoardName.All, bob))?.Score);
        }
    }

    [Theory, OnEveryEngine]
    public async Task Nobody_can_be_swiped_nor_swipe_whose_uid_nobody_has(EngineKind engine)
    {
        await StartAsync(engine);
        var person = await NewPersonAsync();
        AssertFailed(StatusCode.NoSuchUser, await Engine.Swipes.SwipeAsync(person.Uid, Engine.NewUid(), SwipeKind.Like, Now));
        AssertFailed(StatusCode.NoSuchUser, await Engine.Swipes.SwipeAsync(person.Uid, -1, SwipeKind.Like, Now));
        AssertFailed(StatusCode.NoSuchUser, await Engine.Swipes.SwipeAsync(Engine.NewUid(), person.Uid, SwipeKind.Like, Now));
    }

    [Theory, OnEveryEngine]
    public async Task The_same_swipe_many_times_at_the_same_instant_is_recorded_once(EngineKind engine)
    {
        await StartAsync(engine);
        var people = await NewPeopleAsync(2);
        await SwipeAsync(people[1], people[0]);
        var replies = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => SwipeAsync(people[0], people[1])));

        Assert.Single(replies, reply => !reply.Repeated);
        Assert.All(replies, reply => Assert.True(reply.Matched));
        Assert.Equal(5, (await SettledBoards.RankOfAsync(BoardName.All, people[1]))?.Score);
        Assert.Single(await PushesAsync(people[0]));
        Assert.Single(await PushesAsync(people[1]));
    }

    [Theory, OnEveryEngine]
    public async Task Of_different_swipes_that_do_not_wait_for_each_other_the_first_counts(EngineKind engine)
    {
        await StartAsync(engine);
        var people = await NewPeopleAsync(101);
        var me = people[0];
        var pairs = people[1..].Select(sid => (
            First: Engine.Swipes.SwipeAsync(me, sid, SwipeKind.Like, Now).AsTask(),
            Second: Engine.Swipes.SwipeAsync(me, sid, SwipeKind.Dislike, Now).AsTask())).ToArray();
        foreach (var (first, second) in pairs)
        {
            Assert.True((await first).IsOk);
            AssertFailed(StatusCode.RepeatSwipe, await second);
        }
    }

    [Theory, OnEveryEngine]
    public async Task Two_likes_of_each_other_at_the_same_instant_always_match_and_exactly_one_of_them_says_so(EngineKind engine)
    {
        await StartAsync(engine);
        const int pairs = 1_000;
        var people = await NewPeopleAsync(2 * pairs);
        var replies = await Task.WhenAll(people.Select((uid, index) => Task.Run(() => SwipeAsync(uid, people[index ^ 1]))));

        for (var first = 0; first < people.Length; first += 2)
        {
            Assert.True(replies[first].Matched ^ replies[first + 1].Matched,
                $"pair {first}: {replies[first].Matched}, {replies[first + 1].Matched}");
            foreach (var (me, other) in new[] { (people[first], people[first + 1]), (people[first + 1], people[first]) })
            {
                var push = Assert.Single(await PushesAsync(me));
                Assert.Equal((1, Opcode.Matched, other), (push.Seq, push.Opcode, push.Subject));
                Assert.True(await Engine.Friends.AreFriendsAsync(me, other));
            }
            Assert.Equal((await PushesAsync(people[first]))[0].At, (await PushesAsync(people[first + 1]))[0].At);
        }

        // Who completed the match is not forgotten.
        await ReopenAsync();
        for (var index = 0; index < people.Length; index += 37)
            Assert.Equal(replies[index] with { Repeated = true }, await SwipeAsync(people[index], people[index ^ 1]));
    }

    [Theory, OnEveryEngine]
    public async Task Everybody_in_a_room_likes_everybody_at_the_same_instant(EngineKind engine)
    {
        await StartAsync(engine);
        const int people = 24;
        const int matches = people * (people - 1) / 2;
        var room = await NewPeopleAsync(people);
        var swipes = from uid in room from sid in room where uid != sid select Task.Run(() => SwipeAsync(uid, sid));
        var replies = await Task.WhenAll(swipes);

        Assert.Equal(matches, replies.Count(reply => reply.Matched));
        foreach (var uid in room)
        {
            var pushes = await PushesAsync(uid);
            Assert.Equal(Enumerable.Range(1, people - 1).Select(seq => (long)seq), pushes.Select(push => push.Seq));
            Assert.Equal(room.Where(other => other != uid).Order(), pushes.Select(push => push.Subject).Order());
            Assert.Equal(5 * (people - 1), (await SettledBoards.RankOfAsync(BoardName.All, uid))?.Score);
        }
    }
}
