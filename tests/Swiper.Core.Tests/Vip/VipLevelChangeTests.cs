using Swiper.Core.Protocol;
using Swiper.Core.Vip;

namespace Swiper.Core.Tests.Vip;

public sealed class VipLevelChangeTests
{
    private static readonly VipLevel Silver = new(2, "silver", ["superlike"], [new VipPrice(30, 20, "coins")]);

    [Fact]
    public void What_is_not_named_stays_and_prices_are_in_the_order_of_their_days()
    {
        var changed = new VipLevelChange(Prices: [new(365, 180, "EUR"), new(30, 20, "coins")]).ApplyTo(Silver).Value;
        Assert.Equal(("silver", 2), (changed.Name, changed.Level));
        Assert.Equal(["superlike"], changed.Permissions);
        Assert.Equal([new(30, 20, "coins"), new(365, 180, "EUR")], changed.Prices);

        var emptied = new VipLevelChange(" platinum ", [], []).ApplyTo(Silver).Value;
        Assert.Equal("platinum", emptied.Name);
        Assert.Empty(emptied.Permissions);
        Assert.Empty(emptied.Prices);
    }

    [Fact]
    public void Everybody_may_be_granted_something_but_not_sell_it()
    {
        var everybody = new VipLevel(0, "basic", [], []);
        Assert.True(new VipLevelChange(Permissions: ["rewind"], Prices: []).ApplyTo(everybody).IsOk);
        AssertRefused("prices: level 0 is what everybody has, and costs nothing", new(Prices: [new(30, 1, "coins")]), everybody);
    }

    [Fact]
    public void A_change_must_change_something() => AssertRefused("nothing is to be changed", new());

    [Theory]
    [InlineData("", "name: is empty")]
    [InlineData("  ", "name: is empty")]
    [InlineData("a\nb", "name: has the control character U+000A")]
    public void A_name_is_visible_text(string name, string problem) => AssertRefused(problem, new(name));

    [Theory]
    [InlineData(31, null)]
    [InlineData(32, null)]
    [InlineData(33, "name: longer than 32 bytes")]
    public void A_name_is_not_long(int bytes, string? problem) => AssertRefused(problem, new(new string('x', bytes)));

    [Theory]
    [InlineData("permissions: 'fly' is not one of superlike, rewind, who_liked_me, unlimited_likes, any_location", "rewind", "fly")]
    [InlineData("permissions: '' is not one of superlike, rewind, who_liked_me, unlimited_likes, any_location", "")]
    [InlineData("permissions: 'Rewind' is not one of superlike, rewind, who_liked_me, unlimited_likes, any_location", "Rewind")]
    [InlineData("permissions: one is named twice", "rewind", "rewind")]
    public void Permissions_are_those_that_there_are(string problem, params string[] names) =>
        AssertRefused(problem, new(Permissions: names));

    [Theory]
    [InlineData(0, 1, "coins", "prices: 0 days are not between 1 and 3650")]
    [InlineData(1, 1, "coins", null)]
    [InlineData(3650, 1, "coins", null)]
    [InlineData(3651, 1, "coins", "prices: 3651 days are not between 1 and 3650")]
    [InlineData(30, 0, "coins", "prices: 0 is not between 1 and 1000000000")]
    [InlineData(30, 1_000_000_000, "coins", null)]
    [InlineData(30, 1_000_000_001, "coins", "prices: 1000000001 is not between 1 and 1000000000")]
    [InlineData(30, 1, "EUR", null)]
    [InlineData(30, 1, "eur", "prices: 'eur' is neither coins nor the code of a currency, such as EUR")]
    [InlineData(30, 1, "", "prices: '' is neither coins nor the code of a currency, such as EUR")]
    [InlineData(30, 1, null, "prices: '' is neither coins nor the code of a currency, such as EUR")]
    public void A_price_has_bounds(int days, long price, string? currency, string? problem) =>
        AssertRefused(problem, new(Prices: [new VipPrice(days, price, currency!)]));

    [Theory]
    [InlineData(9, null)]
    [InlineData(10, null)]
    [InlineData(11, "prices: more than 10")]
    public void There_are_not_many_prices(int count, string? problem) =>
        AssertRefused(problem, new(Prices: [.. Enumerable.Range(1, count).Select(days => new VipPrice(days, 1, "coins"))]));

    [Fact]
    public void There_is_one_price_for_as_many_days() =>
        AssertRefused("prices: two are for the same days", new(Prices: [new(30, 1, "coins"), new(30, 2, "EUR")]));

    [Fact]
    public void What_is_null_in_a_list_is_refused()
    {
        Assert.False(new VipLevelChange(Permissions: [null!]).ApplyTo(Silver).IsOk);
        Assert.False(new VipLevelChange(Prices: [null!]).ApplyTo(Silver).IsOk);
    }

    private static void AssertRefused(string? problem, VipLevelChange change, VipLevel? level = null)
    {
        var outcome = change.ApplyTo(level ?? Silver);
        Assert.Equal(problem, outcome.IsOk ? null : outcome.Failure.Message);
        Assert.True(outcome.IsOk || outcome.Failure.Code == StatusCode.BadParams);
    }
}
