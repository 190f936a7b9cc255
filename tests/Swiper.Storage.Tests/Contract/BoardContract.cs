using Swiper.Core.Ranking;
using Swiper.Core.Social;
using Swiper.Storage.Tests.Cluster;

namespace Swiper.Storage.Tests.Contract;

/// <summary>What <see cref="IBoardRepository"/> promises.</summary>
[Collection(nameof(ClusterCollection))]
public sealed class BoardContract(ClusterServers servers) : EngineContract(servers)
{
    private static readonly BoardName[] Boards = Enum.GetValues<BoardName>();

    // Noon of a Wednesday.
    // Noon of a Wednesday, far ahead: what Redis deletes after its time must not be deleted at once.
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2043, 7, 15, 12, 0, 0, TimeSpan.Zero));

    protected override TimeProvider Clock => _clock;

    [Theory, OnEveryEngine]
    public async Task People_are_ranked_by_the_points_of_the_swipes_they_got_and_zero_is_no_rank(EngineKind engine)
    {
        await StartAsync(engine);
        var people = await NewPeopleAsync(7);
        await SwipeAsync(people[5], people[0], SwipeKind.Like);
        await SwipeAsync(people[6], people[0], SwipeKind.Superlike);
        await SwipeAsync(people[5], people[1], SwipeKind.Superlike);
        await SwipeAsync(people[5], people[2], SwipeKind.Like);
        await SwipeAsync(people[5], people[3], SwipeKind.Dislike);
        await SwipeAsync(people[5], people[4], SwipeKind.Like);
        await SwipeAsync(people[6], people[4], SwipeKind.Dislike);
        BoardStanding[] expected = [new(1, people[0], 12), new(2, people[1], 7), new(3, people[2], 5), new(4, people[3], -5)];

        await AssertBoardsAsync();
        await ReopenAsync();
        await AssertBoardsAsync();

        async Task AssertBoardsAsync()
        {
            foreach (var board in Boards)
            {
                Assert.Equal(expected, await SettledBoards.TopAsync(board, 50));
                Assert.Equal(expected[..2], await SettledBoards.TopAsync(board, 2));
                foreach (var standing in expected)
                    Assert.Equal(standing, await SettledBoards.RankOfAsync(board, standing.Uid));
                Assert.Null(await SettledBoards.RankOfAsync(board, people[4]));
                Assert.Null(await SettledBoards.RankOfAsync(board, people[5]));
                Assert.Null(await SettledBoards.RankOfAsync(board, Engine.NewUid()));
            }
        }
    }

    [Theory, OnEveryEngine]
    public async Task Of_equal_scores_the_one_reached_first_is_first(EngineKind engine)
    {
        await StartAsync(engine);
        var people = await NewPeopleAsync(7);
        var (start, likers) = (Now, people[5..]);
        await SwipeAsync(likers[0], people[3], at: start + 1);
        await SwipeAsync(likers[0], people[1], at: start + 2);
        await SwipeAsync(likers[0], people[4], at: start + 3);
        await SwipeAsync(likers[0], people[0], at: start + 4);
        // These two have more by now, and came to it in another order.
        await SwipeAsync(likers[1], people[4], at: start + 5);
        await SwipeAsync(likers[1], people[3], at: start + 6);
        long[] expected = [people[4], people[3], people[1], people[0]];

        Assert.Equal(expected, await TopAsync());
        await ReopenAsync();
        Assert.Equal(expected, await TopAsync());

        async Task<long[]> TopAsync() => [.. (await SettledBoards.TopAsync(BoardName.All, 50)).Select(standing => standing.Uid)];
    }

    [Theory, OnEveryEngine]
    public async Task The_boards_of_a_day_and_a_week_begin_empty_at_midnight_and_on_monday(EngineKind engine)
    {
        await StartAsync(engine);
        var people = await NewPeopleAsync(5);
        await SwipeAsync(people[1], people[0]);
        await AssertScoresAsync(people[0], all: 5, week: 5, day: 5);

        _clock.Advance(TimeSpan.FromHours(12)); // midnight to Thursday
        await AssertScoresAsync(people[0], all: 5, week: 5, day: 0);
        await SwipeAsync(people[2], people[0]);
        await AssertScoresAsync(people[0], all: 10, week: 10, day: 5);
        await ReopenAsync();
        await AssertScoresAsync(people[0], all: 10, week: 10, day: 5);

        _clock.Advance(TimeSpan.FromDays(4)); // midnight to Monday
        await AssertScoresAsync(people[0], all: 10, week: 0, day: 0);
        await SwipeAsync(people[3], people[0], SwipeKind.Superlike);
        await AssertScoresAsync(people[0], all: 17, week: 7, day: 7);
        // One that was made before midnight and took until now counts for then.
        await SwipeAsync(people[4], people[0], at: Now - 1);
        await AssertScoresAsync(people[0], all: 22, week: 7, day: 7);
        await ReopenAsync();
        await AssertScoresAsync(people[0], all: 22, week: 7, day: 7);
    }

    [Theory, OnEveryEngine]
    public async Task A_clock_that_jumped_ahead_and_was_put_right_finds_the_boards_that_it_left(EngineKind engine)
    {
        await StartAsync(engine);
        var people = await NewPeopleAsync(5);
        var right = _clock.GetUtcNow();
        await SwipeAsync(people[1], people[0]);
        await AssertScoresAsync(people[0], all: 5, week: 5, day: 5);

        _clock.AdjustTime(right.AddDays(10));
        await SwipeAsync(people[2], people[0]);
        await AssertScoresAsync(people[0], all: 10, week: 5, day: 5);

        _clock.AdjustTime(right.AddSeconds(1));
        await AssertScoresAsync(people[0], all: 10, week: 5, day: 5);
        await SwipeAsync(people[3], people[0], SwipeKind.Superlike);
        await AssertScoresAsync(people[0], all: 17, week: 12, day: 12);
        await ReopenAsync();
        await AssertScoresAsync(people[0], all: 17, week: 12, day: 12);
    }

    [Theory, OnEveryEngine]
    public async Task Around_a_user_are_those_ranked_next_to_them(EngineKind engine)
    {
        await StartAsync(engine);
        const int ranked = 12;
        var people = await NewPeopleAsync(ranked + 1);
        var liker = people[ranked];
        for (var i = 0; i < ranked; i++)
            await SwipeAsync(liker, people[i], at: Now + i);

        var whole = await SettledBoards.TopAsync(BoardName.All, 50);
        Assert.Equal(people[..ranked], whole.Select(standing => standing.Uid));
        for (var i = 0; i < ranked; i++)
        {
            var around = await SettledBoards.AroundAsync(BoardName.All, people[i], 5);
            Assert.Equal(5, around.Count);
            Assert.Equal(whole.Skip((int)around[0].Rank - 1).Take(5), around);
            Assert.Contains(around, standing => standing.Uid == people[i]);
            // In the middle, unless the board ends before.
            if (i is >= 2 and < ranked - 2)
                Assert.Equal(people[i], around[2].Uid);
        }
        Assert.Equal(whole, await SettledBoards.AroundAsync(BoardName.All, people[3], 50));
        Assert.Empty(await SettledBoards.AroundAsync(BoardName.All, liker, 5));
        Assert.Empty(await SettledBoards.AroundAsync(BoardName.All, Engine.NewUid(), 5));
    }

    [Theory, OnEveryEngine]
    public async Task Points_given_at_the_same_instant_all_count(EngineKind engine)
    {
        await StartAsync(engine);
        var people = await NewPeopleAsync(60);
        var swipes =
            from uid in people from sid in people[..10] where uid != sid select Task.Run(() => SwipeAsync(uid, sid, KindOf(uid, sid)));
        await Task.WhenAll(swipes);

        foreach (var sid in people[..10])
        {
            var expected = people.Where(uid => uid != sid).Sum(uid => Points.For(KindOf(uid, sid)));
            Assert.Equal(expected, (await SettledBoards.RankOfAsync(BoardName.Day, sid))?.Score ?? 0);
        }

        SwipeKind KindOf(long uid, long sid) => (SwipeKind)(1 + (Array.IndexOf(people, uid) + 3 * Array.IndexOf(people, sid)) % 3);
    }

    private async Task AssertScoresAsync(long uid, long all, long week, long day)
    {
        foreach (var (board, score) in new[] { (BoardName.All, all), (BoardName.Week, week), (BoardName.Day, day) })
        {
            Assert.Equal(score, (await SettledBoards.RankOfAsync(board, uid))?.Score ?? 0);
            Assert.Equal(score == 0 ? [] : [new BoardStanding(1, uid, score)], await SettledBoards.TopAsync(board, 1));
        }
    }
}
