using Swiper.Core.Social;

namespace Swiper.Core.Tests.Social;

public sealed class DeckScoreTests
{
    private static readonly DateOnly Day = new(2026, 7, 15);

    [Theory]
    [InlineData(0, 150)]
    [InlineData(5, 163)]
    [InlineData(-5, 137)]
    [InlineData(50, 225)]
    [InlineData(-50, 75)]
    [InlineData(1_000, 292)]
    [InlineData(-1_000, 8)]
    [InlineData(int.MaxValue, 299)]
    [InlineData(int.MinValue, 1)]
    public void Points_count_less_the_more_there_are(long points, int hot) => Assert.Equal(hot, DeckScore.Of(points, null, null, 0).Hot);

    [Theory]
    [InlineData(-30, 300)]
    [InlineData(0, 300)]
    [InlineData(1, 297)]
    [InlineData(72, 150)]
    [InlineData(144, 75)]
    [InlineData(7 * 24, 60)]
    [InlineData(719, 0)]
    [InlineData(720, 0)]
    [InlineData(int.MaxValue, 0)]
    [InlineData(null, 0)]
    public void Being_active_counts_half_as_much_after_each_three_days(int? hoursAway, int active) =>
        Assert.Equal(active, DeckScore.Of(0, hoursAway, null, 0).Active);

    [Theory]
    [InlineData(1, 300)]
    [InlineData(0, 300)]
    [InlineData(2, 272)]
    [InlineData(11, 150)]
    [InlineData(100, 27)]
    [InlineData(20_038, 0)]
    [InlineData(null, 0)]
    public void The_first_kilometres_count_most(int? km, int near) => Assert.Equal(near, DeckScore.Of(0, null, km, 0).Near);

    [Theory]
    [InlineData(0u, 0)]
    [InlineData(uint.MaxValue / 2, 50)]
    [InlineData(uint.MaxValue, 100)]
    public void Luck_is_the_draw(uint draw, int luck) => Assert.Equal(luck, DeckScore.Of(0, null, null, draw).Luck);

    [Fact]
    public void The_sum_is_that_of_the_parts_and_never_more_than_the_most()
    {
        Assert.Equal(2 + 3 + 5 + 7, new DeckScore(2, 3, 5, 7).Sum);
        Assert.InRange(DeckScore.Of(long.MaxValue / 1_000, 0, 1, uint.MaxValue).Sum, DeckScore.Most - 1, DeckScore.Most);
        Assert.InRange(DeckScore.Of(long.MinValue / 1_000, null, null, 0).Sum, 0, 1);
    }

    [Fact]
    public void The_draw_depends_on_who_looks_who_is_seen_and_the_day_alone()
    {
        var first = Draws(looks: 1, Day);
        Assert.Equal(first, Draws(looks: 1, Day));
        Assert.All(new[] { Draws(looks: 2, Day), Draws(looks: 1, Day.AddDays(1)) }, other =>
        {
            Assert.Empty(first.Intersect(other));
            // As many are luckier as are less lucky.
            Assert.InRange(first.Zip(other).Count(pair => pair.First < pair.Second), 400, 600);
        });
        Assert.All(first.CountBy(draw => draw >> 29), part => Assert.InRange(part.Value, 80, 170));

        static uint[] Draws(long looks, DateOnly day) =>
            [.. Enumerable.Range(1, 1_000).Select(seen => DeckScore.Draw(looks, seen, day)).Distinct()];
    }
}
