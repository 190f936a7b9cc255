using Swiper.Core.Accounts;
using Swiper.Storage.Embedded;
using Swiper.Storage.Embedded.Social;
using Swiper.Storage.Indexes;

namespace Swiper.Storage.Tests.Embedded;

public sealed class DeckHistoryTests
{
    [Theory]
    [InlineData(300)]
    [InlineData(5_000)]
    [InlineData(200_000)]
    public async Task No_more_than_a_bounded_part_of_the_swipes_is_copied_and_all_are_known(int swipes)
    {
        await using var underTest = await EmbeddedUnderTest.CreateAsync(TimeProvider.System, CodeRules.Standard);
        var engine = ((EmbeddedStorage)underTest.Engine).Parts;
        for (var uid = 1; uid <= swipes + 100; uid++)
            underTest.People.Load(uid, new Person(Sex.Male, new DateOnly(2000, 1, 1).DayNumber, default, 0));
        await underTest.PutSwipesAsync(1, [.. Enumerable.Range(2, swipes)]);
        Assert.True(engine.People.TryGetSlot(1, out var me));

        using var history = ((EmbeddedDeckRepository)underTest.Engine.Decks).HistoryOf(me, Sex.Male, count: 30);

        Assert.InRange(history.Swiped.Places, 0, DeckHistory.MostPlaces);
        Assert.Equal(swipes > DeckHistory.MostPlaces, history.Many is not null);
        for (var uid = 1; uid <= swipes + 100; uid++)
        {
            Assert.True(engine.People.TryGetSlot(uid, out var slot));
            Assert.Equal(uid > 1 && uid <= swipes + 1, history.Drops(slot));
        }
        var some = new int[1_000];
        if (history.Many is { } many)
        {
            Assert.Equal(swipes, many.Count);
            Assert.Equal(some.Length, many.CopySome(some));
            Assert.All(some, slot => Assert.True(many.Drops(slot)));
            Assert.Equal(some.Length, some.Distinct().Count());
        }
    }
}
