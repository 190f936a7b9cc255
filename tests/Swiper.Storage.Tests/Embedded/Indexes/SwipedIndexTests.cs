using Swiper.Core.Social;
using Swiper.Storage.Embedded.Indexes;
using Swiper.Storage.Indexes;

namespace Swiper.Storage.Tests.Embedded.Indexes;

public class SwipedIndexTests
{
    [Theory]
    [InlineData(1, 40)]
    [InlineData(2, 3_000)]
    [InlineData(3, 1_000_000_000)]
    public void Sets_agree_with_a_dictionary(int seed, int targets)
    {
        const int swipers = 50;
        var random = new Random(seed);
        var index = new SwipedIndex();
        var model = new Dictionary<(int, int), SwipeKind>();
        for (var i = 0; i < 100_000; i++)
        {
            var (swiper, target) = (random.Next(swipers) * 4, random.Next(targets));
            var kind = (SwipeKind)random.Next(1, 4);
            switch (random.Next(5))
            {
                case 0:
                    Assert.Equal(model.Remove((swiper, target)), index.Remove(swiper, target));
                    break;
                case 1:
                    Assert.Equal(model.TryGetValue((swiper, target), out var expected), index.TryGet(swiper, target, out var actual));
                    Assert.Equal(expected, actual);
                    break;
                default:
                    Assert.Equal(model.TryAdd((swiper, target), kind), index.TryAdd(swiper, target, kind));
                    break;
            }
        }
        foreach (var ((swiper, target), kind) in model)
        {
            Assert.True(index.TryGet(swiper, target, out var found));
            Assert.Equal(kind, found);
            Assert.True(index.Of(swiper).Drops(target));
        }
        foreach (var group in model.Keys.GroupBy(key => key.Item1))
            Assert.Equal(group.Count(), index.Count(group.Key));
    }

    [Fact]
    public void One_who_never_swiped_has_an_empty_set()
    {
        var index = new SwipedIndex();
        Assert.Equal(0, index.Count(123_456_789));
        Assert.False(index.TryGet(5, 5, out _));
        Assert.False(index.Of(5).Drops(0));
        Assert.False(index.Remove(5, 5));
    }

    [Fact]
    public void The_first_and_the_last_slot_are_targets_like_any_other()
    {
        var index = new SwipedIndex();
        Assert.True(index.TryAdd(1, 0, SwipeKind.Dislike));
        Assert.True(index.TryAdd(1, PeopleIndex.MaxSlot, SwipeKind.Superlike));
        Assert.True(index.TryGet(1, 0, out var kind) && kind == SwipeKind.Dislike);
        Assert.True(index.TryGet(1, PeopleIndex.MaxSlot, out kind) && kind == SwipeKind.Superlike);
        Assert.Throws<ArgumentOutOfRangeException>(() => index.TryAdd(1, PeopleIndex.MaxSlot + 1, SwipeKind.Like));
        Assert.Throws<ArgumentOutOfRangeException>(() => index.TryAdd(1, -1, SwipeKind.Like));
        Assert.Throws<ArgumentOutOfRangeException>(() => index.TryAdd(1, 1, 0));
    }

    [Fact]
    public void A_set_grows_far_beyond_a_chunk_of_the_arena()
    {
        const int count = 400_000;
        var index = new SwipedIndex();
        for (var i = 0; i < count; i++)
            Assert.True(index.TryAdd(1, i * 3, SwipeKind.Like));
        Assert.Equal(count, index.Count(1));
        for (var i = 0; i < count * 3; i++)
            Assert.Equal(i % 3 == 0, index.Of(1).Drops(i));
    }

    [Fact]
    public void A_swipe_takes_a_few_bytes_even_when_all_sets_grow_together()
    {
        var random = new Random(12);
        var index = new SwipedIndex();
        var swipes = 0;
        while (swipes < 1_000_000)
            swipes += index.TryAdd((int)(Math.Pow(random.NextDouble(), 2) * 5_000), random.Next(PeopleIndex.MaxSlot), SwipeKind.Like)
                ? 1
                : 0;
        // The last chunk of the arena, 1 MiB, may be empty.
        Assert.InRange((index.Bytes - (1 << 20)) / (double)swipes, 4, 7);
    }

    [Fact]
    public void Adding_looking_up_and_removing_make_no_garbage()
    {
        var index = new SwipedIndex();
        Assert.Equal(0, Garbage.OfSecondRun(() =>
        {
            for (var i = 0; i < 20_000; i++)
                index.TryAdd(i % 100, i, SwipeKind.Like);
            for (var i = 0; i < 20_000; i++)
            {
                index.TryGet(i % 100, i, out _);
                index.Remove(i % 100, i);
            }
        }));
    }
}
