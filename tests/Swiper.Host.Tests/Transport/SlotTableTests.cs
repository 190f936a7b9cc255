using Swiper.Host.Transport;

namespace Swiper.Host.Tests.Transport;

public sealed class SlotTableTests
{
    [Fact]
    public void A_number_finds_its_item_until_that_is_removed_and_never_another()
    {
        var table = new SlotTable<string>();
        var first = table.Add("first");
        Assert.True(table.TryFind(first, out var found));
        Assert.Equal("first", found);
        table.Remove(first);
        var second = table.Add("second");
        Assert.False(table.TryFind(first, out _));
        // What is removed twice is not the item that has its slot now.
        table.Remove(first);
        Assert.True(table.TryFind(second, out found));
        Assert.Equal("second", found);
        Assert.Equal(1, table.Count);
    }

    [Fact]
    public void Numbers_that_were_never_given_find_nothing()
    {
        var table = new SlotTable<string>();
        Assert.False(table.TryFind(0, out _));
        table.Add("one");
        foreach (var number in new[] { 1UL, 63UL, 64UL, 1UL << 32, 1UL << 63, ulong.MaxValue })
            Assert.False(table.TryFind(number, out _));
    }

    [Fact]
    public void It_agrees_with_a_dictionary_whatever_is_added_and_removed()
    {
        var random = new Random(1);
        var table = new SlotTable<object>();
        var model = new Dictionary<ulong, object>();
        var gone = new List<ulong>();
        for (var step = 0; step < 20_000; step++)
        {
            if (model.Count == 0 || random.Next(100) < (step / 5_000 % 2 == 0 ? 70 : 30))
            {
                var item = new object();
                model.Add(table.Add(item), item);
            }
            else
            {
                var number = model.Keys.ElementAt(random.Next(Math.Min(model.Count, 50)));
                table.Remove(number);
                model.Remove(number);
                gone.Add(number);
            }
        }
        Assert.All(model, entry => Assert.Same(entry.Value, table.TryFind(entry.Key, out var item) ? item : null));
        Assert.DoesNotContain(gone, number => table.TryFind(number, out _));
        Assert.Equal(model.Count, table.Count);
        Assert.Equal(model.Values.ToHashSet(), table.All().ToHashSet());
        // Tags beside those of the table have the highest bit.
        Assert.All(model.Keys, number => Assert.True(number >> 63 == 0));
    }
}
