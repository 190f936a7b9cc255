using Swiper.Core.Dispatch;
using Swiper.Core.Friends;
using Swiper.Core.Protocol;
using Swiper.Core.Social;
using Swiper.Storage.Tests.Cluster;

namespace Swiper.Storage.Tests.Contract;

/// <summary>What <see cref="IFriendRepository"/> promises.</summary>
[Collection(nameof(ClusterCollection))]
public sealed class FriendContract(ClusterServers servers) : EngineContract(servers)
{
    [Theory, OnEveryEngine]
    public async Task Those_who_matched_are_friends_both_ways_and_nobody_else_is_also_for_a_new_engine(EngineKind engine)
    {
        await StartAsync(engine);
        var people = await NewPeopleAsync(4);
        await SwipeAsync(people[0], people[1]);
        await SwipeAsync(people[1], people[0], SwipeKind.Superlike);
        await SwipeAsync(people[0], people[2]);
        await SwipeAsync(people[3], people[0], SwipeKind.Dislike);
        await SwipeAsync(people[0], people[3]);

        await AssertFriendsAsync();
        await ReopenAsync();
        await AssertFriendsAsync();

        async Task AssertFriendsAsync()
        {
            for (var me = 0; me < people.Length; me++)
            {
                for (var other = 0; other < people.Length; other++)
                    Assert.Equal(me + other == 1, await Engine.Friends.AreFriendsAsync(people[me], people[other]));
            }
            Assert.False(await Engine.Friends.AreFriendsAsync(people[0], Engine.NewUid()));
            Assert.False(await Engine.Friends.AreFriendsAsync(Engine.NewUid(), people[0]));
        }
    }

    [Theory, OnEveryEngine]
    public async Task Friends_are_listed_newest_first_in_pages_that_others_who_come_and_go_do_not_shift(EngineKind engine)
    {
        await StartAsync(engine);
        var people = await NewPeopleAsync(8);
        var (me, start) = (people[0], Now);
        for (var i = 1; i < 7; i++)
            await MatchAsync(me, people[i], start + i);
        Assert.Equal(people[1..7].Reverse(), await UidsAsync(me, null, 100));

        var first = await Engine.Friends.ReadAsync(me, null, 2);
        Assert.Equal([people[6], people[5]], first.Select(friend => friend.Uid));
        Assert.Equal([start + 6, start + 5], first.Select(friend => friend.At));
        await MatchAsync(me, people[7], start + 7);
        await EndAsync(me, people[5]);
        Assert.Equal([people[4], people[3]], await UidsAsync(me, first[1].Cursor, 2));
        Assert.Equal([people[1]], await UidsAsync(me, new PageCursor(start + 2, people[2]), 100));
        await ReopenAsync();
        Assert.Equal([people[7], people[6], people[4], people[3], people[2], people[1]], await UidsAsync(me, null, 100));
    }

    [Theory, OnEveryEngine]
    public async Task Friends_of_the_same_instant_come_once_each_across_pages(EngineKind engine)
    {
        await StartAsync(engine);
        var people = await NewPeopleAsync(6);
        var at = Now;
        for (var i = 1; i < 6; i++)
            await MatchAsync(people[0], people[i], at);
        var found = new List<long>();
        PageCursor? after = null;
        while (await Engine.Friends.ReadAsync(people[0], after, 2) is { Count: > 0 } page)
        {
            found.AddRange(page.Select(friend => friend.Uid));
            after = page[^1].Cursor;
        }

        Assert.Equal(people[1..].OrderDescending(), found);
    }

    [Theory, OnEveryEngine]
    public async Task A_friendship_ends_for_both_and_once_and_the_other_one_is_pushed_it(EngineKind engine)
    {
        await StartAsync(engine);
        var people = await NewPeopleAsync(3);
        var (ann, bob) = (people[0], people[1]);
        await MatchAsync(ann, bob, Now);
        await MatchAsync(people[2], bob, Now);
        var bobs = SignIn(bob);
        AssertFailed(StatusCode.NotFriends, await Engine.Friends.EndAsync(ann, people[2], Now));

        var ends = await Task.WhenAll(
            Enumerable.Range(0, 10).Select(_ => Task.Run(() => Engine.Friends.EndAsync(ann, bob, Now).AsTask())));
        Assert.Single(ends, end => end.IsOk);
        Assert.All(ends, end => Assert.True(end.IsOk || end.Failure.Code == StatusCode.NotFriends));

        StoredPush push;
        do
            push = await bobs.NextAsync();
        while (push.Opcode == Opcode.Matched);
        Assert.Equal(Opcode.Unmatched, push.Opcode);
        Assert.Equal(new UnmatchedPush(ann), PayloadBytes.Read<UnmatchedPush>(push.Data));
        await AssertApartAsync(ann, bob);
        Assert.True(await Engine.Friends.AreFriendsAsync(bob, people[2]));
        Assert.Single(await PushesAsync(bob), kept => kept.Opcode == Opcode.Unmatched);
        Assert.DoesNotContain(await PushesAsync(ann), kept => kept.Opcode == Opcode.Unmatched);
    }

    [Theory, OnEveryEngine]
    public async Task Both_may_end_a_friendship_at_the_same_instant(EngineKind engine)
    {
        await StartAsync(engine);
        var people = await NewPeopleAsync(2 * 20);
        foreach (var pair in people.Chunk(2))
            await MatchAsync(pair[0], pair[1], Now);
        await Task.WhenAll(people.Select((uid, index) => Task.Run(() => Engine.Friends.EndAsync(uid, people[index ^ 1], Now).AsTask())));
        foreach (var pair in people.Chunk(2))
            await AssertApartAsync(pair[0], pair[1]);
    }

    [Theory, OnEveryEngine]
    public async Task Nothing_makes_those_friends_again_who_have_ended_it(EngineKind engine)
    {
        await StartAsync(engine);
        var people = await NewPeopleAsync(2);
        var (ann, bob) = (people[0], people[1]);
        await MatchAsync(ann, bob, Now);
        await EndAsync(ann, bob);
        await AssertApartAsync(ann, bob);

        Assert.Equal(new SwipeReply(Matched: false, Repeated: true), await SwipeAsync(ann, bob));
        Assert.Equal(new SwipeReply(Matched: true, Repeated: true), await SwipeAsync(bob, ann));
        await AssertApartAsync(ann, bob);
        await ReopenAsync();
        await AssertApartAsync(ann, bob);
        AssertFailed(StatusCode.NotFriends, await Engine.Friends.EndAsync(bob, ann, Now));
    }

    private async Task MatchAsync(long first, long second, long at)
    {
        await SwipeAsync(first, second, at: at);
        Assert.True((await SwipeAsync(second, first, at: at)).Matched);
    }

    private async Task EndAsync(long uid, long other) => Assert.True((await Engine.Friends.EndAsync(uid, other, Now)).IsOk);

    private async Task<IEnumerable<long>> UidsAsync(long uid, PageCursor? after, int limit) =>
        (await Engine.Friends.ReadAsync(uid, after, limit)).Select(friend => friend.Uid);

    // The other one's side follows.
    private async Task AssertApartAsync(long ann, long bob)
    {
        await Eventually.HoldsAsync(
            async () => !await Engine.Friends.AreFriendsAsync(ann, bob) && !await Engine.Friends.AreFriendsAsync(bob, ann),
            "the end of a friendship");
        Assert.DoesNotContain(bob, await UidsAsync(ann, null, 100));
        Assert.DoesNotContain(ann, await UidsAsync(bob, null, 100));
    }
}
