using Swiper.Core.Ranking;
using Swiper.Core.Social;
using Swiper.Storage.Embedded.Indexes;
using Swiper.Storage.Indexes;

namespace Swiper.Storage.Tests.Embedded.Indexes;

public class BoardsTests
{
    private static readonly PeopleIndex People = MakePeople();

    private sealed class Clock(string now) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = At(now);

        public override DateTimeOffset GetUtcNow() => Now;
    }

    private static DateTimeOffset At(string time) => DateTimeOffset.Parse(time, null);

    private static long Ms(string time) => At(time).ToUnixTimeMilliseconds();

    private static PeopleIndex MakePeople()
    {
        var people = new PeopleIndex();
        for (var uid = 1; uid <= 10; uid++)
            people.Add(uid, default);
        return people;
    }

    private static (int All, int Day, int Week) Scores(Boards boards, int slot)
    {
        return (Score(BoardName.All), Score(BoardName.Day), Score(BoardName.Week));

        int Score(BoardName period) => boards[period].TryGetRank(slot, out _, out var score) ? score : 0;
    }

    [Fact]
    public void A_swipe_has_its_points()
    {
        Assert.Equal((5, 7, -5), (Points.For(SwipeKind.Like), Points.For(SwipeKind.Superlike), Points.For(SwipeKind.Dislike)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Points.For(0));
    }

    [Fact]
    public void A_change_counts_on_the_boards_whose_period_holds_its_time()
    {
        // A Wednesday.
        var boards = new Boards(People, new Clock("2026-07-15T12:00:00Z"));
        boards.Apply([new(1, 5, Ms("2026-07-15T00:00:00Z")), new(2, 5, Ms("2026-07-14T23:59:59.999Z")),
            new(3, 5, Ms("2026-07-13T00:00:00Z")), new(4, 5, Ms("2026-07-12T23:59:59.999Z"))]);
        Assert.Equal((5, 5, 5), Scores(boards, 1));
        Assert.Equal((5, 0, 5), Scores(boards, 2));
        Assert.Equal((5, 0, 5), Scores(boards, 3));
        Assert.Equal((5, 0, 0), Scores(boards, 4));
    }

    [Fact]
    public void The_day_starts_anew_at_midnight_and_the_week_on_monday()
    {
        // A Saturday.
        var clock = new Clock("2026-07-18T23:59:59.999Z");
        var boards = new Boards(People, clock);
        boards.Apply([new(1, 5, clock.Now.ToUnixTimeMilliseconds())]);
        Assert.Equal((5, 5, 5), Scores(boards, 1));
        clock.Now = At("2026-07-19T00:00:00Z");
        Assert.Equal((5, 0, 5), Scores(boards, 1));
        clock.Now = At("2026-07-20T00:00:00Z");
        Assert.Equal((5, 0, 0), Scores(boards, 1));
        boards.Apply([new(1, 7, Ms("2026-07-20T00:00:00Z"))]);
        Assert.Equal((12, 7, 7), Scores(boards, 1));
    }

    [Theory]
    [InlineData("2026-07-19T12:00:00Z")]
    [InlineData("2026-07-20T12:00:00Z")]
    [InlineData("2031-01-01T12:00:00Z")]
    [InlineData("2026-07-13T12:00:00Z")]
    [InlineData("2020-01-01T00:00:00Z")]
    public void A_clock_that_jumped_and_was_put_right_finds_the_boards_that_it_left(string wrong)
    {
        // A Saturday.
        var right = "2026-07-18T12:00:00Z";
        var clock = new Clock(right);
        var boards = new Boards(People, clock);
        boards.Apply([new(1, 5, Ms(right))]);

        clock.Now = At(wrong);
        boards.Apply([new(2, 7, Ms(wrong))]);
        Assert.Equal((7, 7, 7), Scores(boards, 2));
        Assert.Equal(0, boards[BoardName.Day].TryGetRank(1, out _, out var score) ? score : 0);

        clock.Now = At(right);
        Assert.Equal((5, 5, 5), Scores(boards, 1));
        boards.Apply([new(1, 7, Ms(right) + 1)]);
        Assert.Equal((12, 12, 12), Scores(boards, 1));
        Assert.Equal(0, boards[BoardName.Day].TryGetRank(2, out _, out score) ? score : 0);
    }

    [Fact]
    public void After_any_number_of_jumps_boards_count_what_happens_in_their_period()
    {
        var random = new Random(3);
        var clock = new Clock("2026-07-18T12:00:00Z");
        var boards = new Boards(People, clock);
        for (var jump = 0; jump < 200; jump++)
        {
            clock.Now = At("2026-07-18T12:00:00Z").AddHours(random.Next(-1_000, 1_000));
            var before = Scores(boards, 1);
            boards.Apply([new(1, 5, clock.Now.ToUnixTimeMilliseconds())]);
            Assert.Equal((before.All + 5, before.Day + 5, before.Week + 5), Scores(boards, 1));
        }
    }

    [Fact]
    public void What_takes_a_swipe_back_after_midnight_leaves_the_new_day_alone()
    {
        var clock = new Clock("2026-07-18T23:59:00Z");
        var boards = new Boards(People, clock);
        var swiped = Ms("2026-07-18T23:59:00Z");
        boards.Apply([new(1, 5, swiped)]);
        clock.Now = At("2026-07-19T00:01:00Z");
        boards.Apply([new(1, -5, swiped)]);
        Assert.Equal((0, 0, 0), Scores(boards, 1));
    }

    [Fact]
    public void A_rebuild_puts_each_change_where_it_belongs()
    {
        var boards = new Boards(People, new Clock("2026-07-15T12:00:00Z"));
        boards.StartLoad();
        boards.Apply(
            [new(1, 5, Ms("2026-07-15T01:00:00Z")), new(1, 5, Ms("2026-07-14T01:00:00Z")), new(1, 5, Ms("2020-01-01T00:00:00Z"))]);
        boards.FinishLoad();
        Assert.Equal((15, 5, 10), Scores(boards, 1));
    }

    [Fact]
    public async Task Changes_beside_a_roll_over_end_on_the_right_day()
    {
        var clock = new Clock("2026-07-18T23:59:59Z");
        var boards = new Boards(People, clock);
        var (old, young) = (Ms("2026-07-18T23:59:59Z"), Ms("2026-07-19T00:00:00Z"));
        var writer = Task.Run(() =>
        {
            for (var i = 0; i < 20_000; i++)
                boards.Apply([new(1, 5, old)]);
        }, TestContext.Current.CancellationToken);
        clock.Now = At("2026-07-19T00:00:00Z");
        for (var i = 0; i < 1_000; i++)
            boards.Apply([new(2, 5, young)]);
        await writer;
        Assert.Equal((100_000, 0, 100_000), Scores(boards, 1));
        Assert.Equal((5_000, 5_000, 5_000), Scores(boards, 2));
    }
}
