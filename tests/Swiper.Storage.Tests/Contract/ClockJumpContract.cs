using Swiper.Core.Protocol;
using Swiper.Core.Ranking;
using Swiper.Core.Social;
using Swiper.Storage.Tests.Cluster;

namespace Swiper.Storage.Tests.Contract;

/// <summary>
/// What a clock that was days ahead leaves behind once it is put right: swipes stay in their order, and everything else of those that are
/// made from then on goes by the clock.
/// </summary>
[Collection(nameof(ClusterCollection))]
public sealed class ClockJumpContract(ClusterServers servers) : EngineContract(servers)
{
    private const int Most = 3;

    private static readonly TimeSpan Jump = TimeSpan.FromDays(10);
    private static readonly long FiveMinutes = (long)SwipeRules.RewindWithin.TotalMilliseconds;

    private readonly JumpingClock _clock = new();

    protected override TimeProvider Clock => _clock;

    [Theory]
    [OnEveryEngine(false)]
    [OnEveryEngine(true)]
    public async Task The_day_has_all_its_likes_and_rewinds(EngineKind engine, bool restarts)
    {
        var (me, others) = await StartAheadAsync(engine, count: 9);
        await SwipeAsync(me, others[0]);
        await SwipeAsync(me, others[1]);
        _clock.Ahead = default;
        await ReopenIfAsync();

        Assert.Equal(default, await UseAsync(me));
        foreach (var other in others[2..5])
        {
            Assert.True((await LikeAsync(me, other)).IsOk);
            await ReopenIfAsync();
        }
        AssertFailed(StatusCode.LikeQuota, await LikeAsync(me, others[5]));
        await SwipeAsync(me, others[5], SwipeKind.Dislike);
        Assert.Equal(new DayUse(Likes: Most, Rewinds: 0), await UseAsync(me));

        Assert.Equal(others[5], (await RewindAsync(me)).Sid);
        await ReopenIfAsync();
        Assert.Equal(new DayUse(Likes: Most, Rewinds: 1), await UseAsync(me));
        Assert.Equal(new RewindReply(others[4], SwipeKind.Like, LeftToday: 1), await RewindAsync(me));
        Assert.Equal(new RewindReply(others[3], SwipeKind.Like, LeftToday: 0), await RewindAsync(me));
        AssertFailed(StatusCode.RewindLimit, await Engine.Swipes.RewindAsync(me, Now));
        await ReopenIfAsync();
        Assert.Equal(new DayUse(Likes: Most - 2, Rewinds: 3), await UseAsync(me));
        Assert.True((await LikeAsync(me, others[6])).IsOk);

        _clock.Ahead = TimeSpan.FromDays(1);
        await ReopenIfAsync();
        Assert.Equal(default, await UseAsync(me));
        Assert.True((await LikeAsync(me, others[7])).IsOk);
        Assert.Equal(new RewindReply(others[7], SwipeKind.Like, LeftToday: 2), await RewindAsync(me));
        Assert.Equal(new DayUse(Likes: 0, Rewinds: 1), await UseAsync(me));

        async Task ReopenIfAsync()
        {
            if (restarts)
                await ReopenAsync();
        }
    }

    [Theory, OnEveryEngine]
    public async Task Likes_of_the_day_on_which_the_clock_catches_up_are_those_that_are_made_on_it(EngineKind engine)
    {
        var (me, others) = await StartAheadAsync(engine, count: 9);
        foreach (var other in others[..3])
            await SwipeAsync(me, other);
        _clock.Ahead = default;
        await SwipeAsync(me, others[3]);

        _clock.Ahead = Jump + TimeSpan.FromHours(1);
        Assert.Equal(default, await UseAsync(me));
        foreach (var other in others[4..7])
            Assert.True((await LikeAsync(me, other)).IsOk);
        AssertFailed(StatusCode.LikeQuota, await LikeAsync(me, others[7]));
        Assert.Equal(new DayUse(Likes: Most, Rewinds: 0), await UseAsync(me));
    }

    [Theory, OnEveryEngine]
    public async Task Who_is_liked_is_on_the_boards_of_the_day_and_the_week(EngineKind engine)
    {
        var (me, others) = await StartAheadAsync(engine, count: 2);
        await SwipeAsync(me, others[0]);
        _clock.Ahead = default;
        await SwipeAsync(me, others[1]);

        foreach (var board in Enum.GetValues<BoardName>())
            Assert.NotNull(await SettledBoards.RankOfAsync(board, others[1]));
        Assert.Null(await SettledBoards.RankOfAsync(BoardName.Day, others[0]));
        Assert.NotNull(await SettledBoards.RankOfAsync(BoardName.All, others[0]));
        await RewindAsync(me);
        await QuietAsync();
        foreach (var board in Enum.GetValues<BoardName>())
            Assert.Null(await SettledBoards.RankOfAsync(board, others[1]));
    }

    [Theory]
    [OnEveryEngine(false)]
    [OnEveryEngine(true)]
    public async Task A_swipe_can_be_taken_back_for_five_minutes(EngineKind engine, bool restarts)
    {
        var (me, others) = await StartAheadAsync(engine, count: 2);
        await SwipeAsync(me, others[0]);
        _clock.Ahead = default;
        if (restarts)
            await ReopenAsync();
        // Nobody knows when it was made.
        AssertFailed(StatusCode.RewindTooLate, await Engine.Swipes.RewindAsync(me, Now));

        var now = Now;
        await SwipeAsync(me, others[1], at: now);
        if (restarts)
            await ReopenAsync();
        AssertFailed(StatusCode.RewindTooLate, await Engine.Swipes.RewindAsync(me, now + FiveMinutes + 1));
        Assert.Equal(others[1], (await Engine.Swipes.RewindAsync(me, now + FiveMinutes)).Value.Sid);
    }

    private async Task<(long Me, long[] Others)> StartAheadAsync(EngineKind engine, int count)
    {
        await StartAsync(engine);
        var people = await NewPeopleAsync(1 + count);
        _clock.Ahead = Jump;
        return (people[0], people[1..]);
    }

    private Task<Outcome<SwipeReply>> LikeAsync(long uid, long sid) =>
        Engine.Swipes.SwipeAsync(uid, sid, SwipeKind.Like, Now, Most).AsTask();

    private async Task<RewindReply> RewindAsync(long uid)
    {
        var outcome = await Engine.Swipes.RewindAsync(uid, Now);
        Assert.True(outcome.IsOk, outcome.Failure.Message);
        return outcome.Value;
    }

    private async Task<DayUse> UseAsync(long uid) => await Engine.Swipes.ReadUseAsync(uid, WireTime.DayNumber(Now));
}
