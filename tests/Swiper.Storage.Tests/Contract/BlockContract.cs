using Swiper.Core.Accounts;
using Swiper.Core.Friends;
using Swiper.Core.Protocol;
using Swiper.Core.Social;
using Swiper.Storage.Tests.Cluster;

namespace Swiper.Storage.Tests.Contract;

/// <summary>What <see cref="IBlockRepository"/> promises, and that those apart do not meet.</summary>
[Collection(nameof(ClusterCollection))]
public sealed class BlockContract(ClusterServers servers) : EngineContract(servers)
{
    private IBlockRepository Blocks => Engine.Blocks;

    [Theory, OnEveryEngine]
    public async Task A_block_counts_both_ways_until_it_is_taken_back_also_for_a_new_engine(EngineKind engine)
    {
        await StartAsync(engine);
        var people = await NewPeopleAsync(3);
        var (ann, bob, eve) = (people[0], people[1], people[2]);
        await Blocks.BlockAsync(ann, bob, Now);
        await Blocks.BlockAsync(ann, bob, Now);
        await AssertApartAsync();
        await ReopenAsync();
        await AssertApartAsync();

        // Each can only take back what was their own.
        await Blocks.UnblockAsync(bob, ann, Now);
        await AssertApartAsync();
        await Blocks.BlockAsync(bob, ann, Now);
        await Blocks.UnblockAsync(ann, bob, Now);
        Assert.True(Blocks.AreBlocked(ann, bob));
        await Blocks.UnblockAsync(bob, ann, Now);
        await Blocks.UnblockAsync(bob, ann, Now);
        Assert.False(Blocks.AreBlocked(ann, bob));
        Assert.False(Blocks.AreBlocked(bob, ann));
        await ReopenAsync();
        Assert.False(Blocks.AreBlocked(bob, ann));

        async Task AssertApartAsync()
        {
            Assert.True(Blocks.AreBlocked(ann, bob));
            Assert.True(Blocks.AreBlocked(bob, ann));
            Assert.False(Blocks.AreBlocked(ann, eve));
            Assert.Equal([bob], (await Blocks.ReadAsync(ann, null, 100)).Select(blocked => blocked.Uid));
            Assert.Empty(await Blocks.ReadAsync(bob, null, 100));
        }
    }

    [Theory, OnEveryEngine]
    public async Task Those_blocked_last_are_listed_first_in_pages(EngineKind engine)
    {
        await StartAsync(engine);
        var people = await NewPeopleAsync(6);
        for (var i = 1; i < 6; i++)
            await Blocks.BlockAsync(people[0], people[i], Now + i);
        var first = await Blocks.ReadAsync(people[0], null, 2);
        Assert.Equal([people[5], people[4]], first.Select(blocked => blocked.Uid));
        await Blocks.UnblockAsync(people[0], people[4], Now);
        Assert.Equal(
            [people[3], people[2], people[1]], (await Blocks.ReadAsync(people[0], first[1].Cursor, 100)).Select(blocked => blocked.Uid));
    }

    [Theory, OnEveryEngine]
    public async Task Blocking_ends_a_friendship_and_unblocking_does_not_begin_it_again(EngineKind engine)
    {
        await StartAsync(engine);
        var people = await NewPeopleAsync(2);
        await SwipeAsync(people[0], people[1]);
        await SwipeAsync(people[1], people[0]);
        await Blocks.BlockAsync(people[1], people[0], Now);
        await Eventually.HoldsAsync(async () => !await AreFriendsAsync(), "the end of a friendship");
        await Blocks.UnblockAsync(people[1], people[0], Now);
        Assert.False(await AreFriendsAsync());

        async Task<bool> AreFriendsAsync() =>
            await Engine.Friends.AreFriendsAsync(people[0], people[1]) || await Engine.Friends.AreFriendsAsync(people[1], people[0]);
    }

    [Theory, OnEveryEngine]
    public async Task A_user_blocks_ten_thousand_others_and_no_more_until_one_is_unblocked(EngineKind engine)
    {
        await StartAsync(engine);
        var people = await NewPeopleAsync(3);
        var (ann, bob, eve) = (people[0], people[1], people[2]);
        await Records.RunAsync(ann, session => session.ExecuteOnceAsync(
            "INSERT INTO blocks (uid, bid, since) VALUES "
            + string.Join(',', Enumerable.Range(1, IBlockRepository.Most - 1).Select(bid => $"({ann}, {bid}, 0)"))));
        await ReopenAsync();
        Assert.Equal(StatusCode.Ok, (await Blocks.BlockAsync(ann, bob, Now)).Code);
        Assert.Equal(StatusCode.BlockLimit, (await Blocks.BlockAsync(ann, eve, Now)).Code);
        Assert.False(Blocks.AreBlocked(ann, eve));
        // Once more is no more, and others have their own.
        Assert.Equal(StatusCode.Ok, (await Blocks.BlockAsync(ann, bob, Now)).Code);
        Assert.Equal(StatusCode.Ok, (await Blocks.BlockAsync(eve, ann, Now)).Code);
        await Blocks.UnblockAsync(ann, bob, Now);
        Assert.Equal(StatusCode.Ok, (await Blocks.BlockAsync(ann, eve, Now)).Code);
    }

    [Theory, OnEveryEngine]
    public async Task Superlikers_who_are_blocked_take_no_place_from_others(EngineKind engine)
    {
        await StartAsync(engine);
        var me = await NewPersonAsync();
        var fans = new List<long>();
        for (var i = 0; i < 12; i++)
        {
            fans.Add((await NewPersonAsync(static profile => profile with { Sex = Sex.Male })).Uid);
            await SwipeAsync(fans[i], me.Uid, SwipeKind.Superlike, at: Now + i);
        }

        await NewPersonAsync(static profile => profile with { Sex = Sex.Male });
        await QuietAsync();
        Assert.Equal(fans[..1], await ShownAsync(1));
        foreach (var (index, fan) in fans[..^2].Index())
            await (index % 2 == 0 ? Blocks.BlockAsync(me.Uid, fan, Now) : Blocks.BlockAsync(fan, me.Uid, Now));

        await AssertShownAsync();
        await EmptyIndexAsync();
        await AssertShownAsync();
        await ReopenAsync();
        await AssertShownAsync();

        async Task AssertShownAsync()
        {
            Assert.Equal(fans[^2..^1], await ShownAsync(1));
            Assert.Equal(fans[^2..], await ShownAsync(2));
            Assert.Equal(fans[^2..], await ShownAsync(30));
        }

        async Task<List<long>> ShownAsync(int count) =>
            [.. (await Engine.Decks.DrawAsync(me, count, WireTime.Day(Now))).People
                .Where(person => person.SuperlikedMe).Select(person => person.Uid)];
    }

    // The handler refuses swipes of those apart, so these were being recorded when one blocked the other.
    [Theory, OnEveryEngine]
    public async Task Likes_on_their_way_when_one_blocks_the_other_are_not_pushed_and_make_nobody_friends_by_unblocking(EngineKind engine)
    {
        await StartAsync(engine);
        var people = await NewPeopleAsync(3);
        var (ann, bob, eve) = (people[0], people[1], people[2]);
        var (anns, bobs) = (SignIn(ann), SignIn(bob));
        await Blocks.BlockAsync(ann, bob, Now);
        await SwipeAsync(bob, ann, SwipeKind.Superlike);
        await SwipeAsync(ann, bob);
        await SwipeAsync(eve, ann, SwipeKind.Superlike);
        var push = await anns.NextAsync();
        Assert.Equal((Opcode.Superliked, eve), (push.Opcode, push.Subject));

        await Blocks.UnblockAsync(ann, bob, Now);
        await Eventually.HoldsAsync(
            async () => !await Engine.Friends.AreFriendsAsync(ann, bob) && !await Engine.Friends.AreFriendsAsync(bob, ann),
            "the end of a friendship");
        // What was kept may be sent now.
        do
            push = await bobs.NextAsync();
        while (push.Opcode == Opcode.Matched);
        Assert.Equal(Opcode.Unmatched, push.Opcode);
    }

    [Theory, OnEveryEngine]
    public async Task Those_apart_are_in_neither_ones_deck_not_even_by_a_superlike(EngineKind engine)
    {
        await StartAsync(engine);
        var me = await NewPersonAsync(profile => profile with { DatingSex = Sex.Female, Sex = Sex.Female });
        var others = new List<Profile>();
        for (var i = 0; i < 4; i++)
            others.Add(await NewPersonAsync(profile => profile with { DatingSex = Sex.Female, Sex = Sex.Female }));
        await SwipeAsync(others[0].Uid, me.Uid, SwipeKind.Superlike);
        await SwipeAsync(others[1].Uid, me.Uid, SwipeKind.Superlike);
        Assert.Equal(4, (await DeckAsync(me)).Length);

        await Blocks.BlockAsync(me.Uid, others[0].Uid, Now);
        await Blocks.BlockAsync(others[2].Uid, me.Uid, Now);
        Assert.Equal(new[] { others[1].Uid, others[3].Uid }.Order(), (await DeckAsync(me)).Order());
        Assert.DoesNotContain(me.Uid, await DeckAsync(others[0]));
        Assert.DoesNotContain(me.Uid, await DeckAsync(others[2]));
        Assert.Contains(me.Uid, await DeckAsync(others[3]));

        await Blocks.UnblockAsync(me.Uid, others[0].Uid, Now);
        Assert.Contains(others[0].Uid, await DeckAsync(me));
    }

    private async Task<long[]> DeckAsync(Profile profile) =>
        [.. (await Engine.Decks.DrawAsync(profile, 100, WireTime.Day(Now))).People.Select(person => person.Uid)];
}
