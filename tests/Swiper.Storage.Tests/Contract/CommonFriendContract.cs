using Swiper.Core.Dispatch;
using Swiper.Core.Friends;
using Swiper.Storage.Tests.Cluster;

namespace Swiper.Storage.Tests.Contract;

/// <summary>What <see cref="IFriendRepository.ReadCommonAsync"/> promises.</summary>
[Collection(nameof(ClusterCollection))]
public sealed class CommonFriendContract(ClusterServers servers) : EngineContract(servers)
{
    // As many are looked at together, and so many times as many for one request.
    private const int Chunk = 256;
    private const int MostLookedAt = 1_024;

    [Theory, OnEveryEngine]
    public async Task Only_friends_of_both_are_in_common_in_the_order_of_ones_own_and_shift_no_page(EngineKind engine)
    {
        await StartAsync(engine);
        var people = await NewPeopleAsync(12);
        var (me, other, start) = (people[0], people[1], Now);
        for (var i = 2; i < 10; i++)
            await MatchAsync(me, people[i], start + i);
        // In another order; the last two of mine are not the other's, and the others' last is not mine.
        for (var i = 2; i < 8; i++)
            await MatchAsync(other, people[i], start + 20 - i);
        await MatchAsync(other, people[10], start);
        await MatchAsync(me, other, start);
        Assert.Equal(people[2..8].Reverse(), (await CommonAsync(me, other)).People.Select(friend => friend.Uid));
        Assert.Equal(people[2..8], (await CommonAsync(other, me)).People.Select(friend => friend.Uid));
        Assert.Empty((await CommonAsync(people[11], me)).People);
        Assert.Empty((await CommonAsync(me, people[11])).People);

        var first = await CommonAsync(me, other, limit: 2);
        Assert.Equal([new Since(people[7], start + 7), new(people[6], start + 6)], first.People);
        Assert.Null(first.LeftOff);
        // The last one shown goes, another comes, and one of those to come is a friend of only one any more.
        await EndAsync(me, people[6]);
        await MatchAsync(me, people[10], start + 10);
        await EndAsync(other, people[4]);
        Assert.Equal(
            [people[5], people[3], people[2]], (await CommonAsync(me, other, first.People[1].Cursor)).People.Select(friend => friend.Uid));
        await ReopenAsync();
        Assert.Equal(
            [people[10], people[7], people[5], people[3], people[2]],
            (await CommonAsync(me, other)).People.Select(friend => friend.Uid));
    }

    [Theory, OnEveryEngine]
    public async Task Friends_of_the_same_instant_come_once_each_across_pages(EngineKind engine)
    {
        await StartAsync(engine);
        var people = await NewPeopleAsync(8);
        var at = Now;
        foreach (var friend in people[2..])
        {
            await MatchAsync(people[0], friend, at);
            await MatchAsync(people[1], friend, at);
        }

        var found = new List<long>();
        PageCursor? after = null;
        while ((await CommonAsync(people[0], people[1], after, limit: 4)).People is { Count: > 0 } page)
        {
            found.AddRange(page.Select(friend => friend.Uid));
            after = page[^1].Cursor;
        }

        Assert.Equal(people[2..].Order(), found.Order());
        Assert.Equal((await Engine.Friends.ReadAsync(people[0], after: null, 10)).Select(friend => friend.Uid), found);
    }

    [Theory, OnEveryEngine]
    public async Task Whoever_has_many_friends_has_the_shorter_list_looked_through_and_of_two_such_a_part_a_request(EngineKind engine)
    {
        await StartAsync(engine);
        var people = await NewPeopleAsync(3 + MostLookedAt + 1 + Chunk);
        var (me, star, fan, start) = (people[0], people[1], people[2], Now);
        var mine = people[3..(3 + MostLookedAt + 1)];
        var theirs = people[(3 + MostLookedAt + 1)..];
        // All but one of the star's and the fan's friends are not mine: the star has one more than a chunk, the fan has just that.
        await MatchAllAsync(me, mine[..1], start);
        await MatchAllAsync(me, mine[1..], start + 2);
        await MatchAllAsync(star, [mine[0], .. theirs], start);
        await MatchAllAsync(fan, [mine[0], .. theirs[1..]], start);

        // Since when, the engine says: a swipe may be given a time that is a bit later.
        var friends = await Engine.Friends.ReadAsync(me, after: null, mine.Length);
        var (oldest, place) = (friends[^1], friends[^2].Cursor);
        Assert.Equal(mine[0], oldest.Uid);
        Assert.Equal([oldest], (await CommonAsync(me, fan, limit: 31)).People);
        Assert.Equal([oldest], (await CommonAsync(fan, me, limit: 31)).People.Select(friend => friend with { At = oldest.At }));
        AssertFound([], place, await CommonAsync(me, star, limit: 31));
        AssertFound([oldest], null, await CommonAsync(me, star, place, limit: 31));

        // With one friend less the oldest is the last that a request looks at, and the next one finds that there is nobody else.
        await EndAsync(me, mine[500]);
        AssertFound([oldest], oldest.Cursor, await CommonAsync(me, star, limit: 31));
        AssertFound([], null, await CommonAsync(me, star, oldest.Cursor, limit: 31));
        await EndAsync(me, mine[501]);
        AssertFound([oldest], null, await CommonAsync(me, star, limit: 31));
    }

    private async Task<FoundFriends> CommonAsync(long uid, long other, PageCursor? after = null, int limit = 100) =>
        await Engine.Friends.ReadCommonAsync(uid, other, after, limit);

    private static void AssertFound(IEnumerable<Since> people, PageCursor? leftOff, FoundFriends found)
    {
        Assert.Equal(people, found.People);
        Assert.Equal(leftOff, found.LeftOff);
    }

    private async Task MatchAllAsync(long uid, long[] friends, long start)
    {
        foreach (var some in friends.Select((friend, index) => (friend, index)).Chunk(200))
            await Task.WhenAll(some.Select(one => Task.Run(() => MatchAsync(uid, one.friend, start + one.index))));
    }

    /// <param name="first">Swipes first, and may do so at any time.</param>
    /// <param name="second">Completes the match, later than any swipe before.</param>
    /// <param name="at">Since when they are friends.</param>
    private async Task MatchAsync(long first, long second, long at)
    {
        await SwipeAsync(first, second, at: at);
        Assert.True((await SwipeAsync(second, first, at: at)).Matched);
    }

    private async Task EndAsync(long uid, long other)
    {
        Assert.True((await Engine.Friends.EndAsync(uid, other, Now)).IsOk);
        await Eventually.HoldsAsync(async () => !await Engine.Friends.AreFriendsAsync(other, uid), "the end of a friendship");
    }
}
