using Swiper.Core.Dispatch;
using Swiper.Core.Social;
using Swiper.Storage.Tests.Cluster;

namespace Swiper.Storage.Tests.Contract;

/// <summary>What <see cref="ILikeRepository"/> promises.</summary>
[Collection(nameof(ClusterCollection))]
public sealed class LikeContract(ClusterServers servers) : EngineContract(servers)
{
    private const long Start = 1_784_116_800_000;

    [Theory, OnEveryEngine]
    public async Task Who_likes_is_told_with_kind_and_time_newest_first_until_answered(EngineKind engine)
    {
        await StartAsync(engine);
        var people = await NewPeopleAsync(6);
        var me = people[0];
        await SwipeAsync(people[1], me, SwipeKind.Like, Start + 1);
        await SwipeAsync(people[2], me, SwipeKind.Superlike, Start + 2);
        await SwipeAsync(people[3], me, SwipeKind.Dislike, Start + 3);
        await SwipeAsync(me, people[4], SwipeKind.Dislike, Start + 4);
        await SwipeAsync(people[4], me, SwipeKind.Like, Start + 5);
        await SwipeAsync(people[5], me, SwipeKind.Like, Start + 6);
        ReceivedLike[] expected =
            [new(people[5], SwipeKind.Like, Start + 6), new(people[2], SwipeKind.Superlike, Start + 2),
                new(people[1], SwipeKind.Like, Start + 1)];

        Assert.Equal(expected, await ReadAsync(me));
        await ReopenAsync();
        Assert.Equal(expected, await ReadAsync(me));

        await SwipeAsync(me, people[2], SwipeKind.Like);
        await SwipeAsync(me, people[5], SwipeKind.Dislike);
        Assert.Equal([expected[2]], await ReadAsync(me));
        Assert.Empty(await ReadAsync(people[3]));
        Assert.Empty(await ReadAsync(Engine.NewUid()));
    }

    [Theory, OnEveryEngine]
    public async Task Without_the_index_those_who_like_are_told_page_by_page_too(EngineKind engine)
    {
        await StartAsync(engine);
        const int likers = 60;
        var people = await NewPeopleAsync(likers + 1);
        var me = people[0];
        // Many at the same instant, so that pages end among them; the answered ones are a whole page and more.
        await Task.WhenAll(people[1..].Select((uid, index) => SwipeAsync(uid, me, at: Start + index / 25)));
        await Task.WhenAll(people[20..45].Select(uid => SwipeAsync(me, uid, SwipeKind.Dislike)));
        var whole = await ReadAsync(me, limit: likers);
        Assert.Equal(likers - 25, whole.Count);

        PassIndexOver();
        Assert.Equal(whole, await ReadAsync(me, limit: likers));
        var shown = new List<ReceivedLike>();
        while (await Engine.Likes.ReadAsync(me, shown.Count == 0 ? null : shown[^1].Cursor, limit: 4) is { Count: > 0 } page)
        {
            Assert.InRange(page.Count, 1, 4);
            shown.AddRange(page);
        }
        Assert.Equal(whole, shown);
    }

    [Theory, OnEveryEngine]
    public async Task A_late_commit_does_not_put_an_older_like_before_a_newer_one(EngineKind engine)
    {
        await StartAsync(engine);
        var people = await NewPeopleAsync(4);
        await SwipeAsync(people[1], people[0], at: Start + 9);
        await SwipeAsync(people[2], people[0], at: Start + 3);
        await SwipeAsync(people[3], people[0], at: Start + 5);
        Assert.Equal([people[1], people[3], people[2]], (await ReadAsync(people[0])).Select(like => like.Uid));
    }

    [Theory, OnEveryEngine]
    public async Task Pages_show_nobody_twice_and_miss_nobody_whatever_arrives_or_is_answered_meanwhile(EngineKind engine)
    {
        await StartAsync(engine);
        const int likers = 120;
        var people = await NewPeopleAsync(likers + 40);
        var me = people[0];
        // Many at the same instant, so that pages end among them.
        await Task.WhenAll(people[1..(likers + 1)].Select((uid, index) => SwipeAsync(uid, me, at: Start + index / 25)));
        var whole = await ReadAsync(me, limit: likers + 1);
        Assert.Equal(likers, whole.Count);
        Assert.Equal(whole.OrderByDescending(like => like.At).ThenByDescending(like => like.Uid), whole);

        var shown = new List<ReceivedLike>();
        PageCursor? cursor = null;
        for (var page = 0; ; page++)
        {
            var likes = await Engine.Likes.ReadAsync(me, cursor, limit: 10);
            if (likes.Count == 0)
                break;
            shown.AddRange(likes);
            cursor = likes[^1].Cursor;
            // The one at the end of the page goes, as does one from its middle; newer ones come.
            await SwipeAsync(me, likes[^1].Uid, SwipeKind.Dislike);
            await SwipeAsync(me, likes[4].Uid, SwipeKind.Like);
            await SwipeAsync(people[likers + 1 + page], me, at: Start + 1_000 + page);
            if (page == 5)
                await ReopenAsync();
        }
        Assert.Equal(whole, shown);
        Assert.Empty(await Engine.Likes.ReadAsync(me, new PageCursor(0, 0), limit: 10));
    }

    [Theory, OnEveryEngine]
    public async Task Everybody_who_likes_at_the_same_instant_is_there_once_acknowledged(EngineKind engine)
    {
        await StartAsync(engine);
        var people = await NewPeopleAsync(301);
        var at = Now;
        await Task.WhenAll(people[1..].Select(uid => Task.Run(() => SwipeAsync(uid, people[0], at: at))));
        var likes = await ReadAsync(people[0], limit: 1_000);
        Assert.Equal(people[1..].Order(), likes.Select(like => like.Uid).Order());
        Assert.Equal(likes.OrderByDescending(like => like.At).ThenByDescending(like => like.Uid), likes);
    }

    private ValueTask<IReadOnlyList<ReceivedLike>> ReadAsync(long uid, int limit = 100) => Engine.Likes.ReadAsync(uid, after: null, limit);
}
