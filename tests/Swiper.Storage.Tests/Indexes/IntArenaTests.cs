using Swiper.Storage.Indexes;

namespace Swiper.Storage.Tests.Indexes;

public class IntArenaTests
{
    // Every class from the smallest to one beyond a chunk.
    private static readonly int[] Classes = [.. AllUpTo(38)];

    private static IEnumerable<int> AllUpTo(int last)
    {
        for (var sizeClass = IntArena.MinClass; sizeClass <= last; sizeClass = IntArena.Larger(sizeClass))
            yield return sizeClass;
    }

    [Fact]
    public void Blocks_that_are_lent_never_overlap()
    {
        var random = new Random(5);
        var arena = new IntArena();
        var lent = new List<(int Handle, int Class, int Mark)>();
        for (var i = 0; i < 60_000; i++)
        {
            if (lent.Count > 0 && random.Next(100) < (i < 30_000 ? 40 : 60))
            {
                var at = random.Next(lent.Count);
                var (handle, sizeClass, mark) = lent[at];
                Assert.Equal(-1, arena.Block(handle, sizeClass).IndexOfAnyExcept(mark));
                arena.Return(handle, sizeClass);
                lent[at] = lent[^1];
                lent.RemoveAt(lent.Count - 1);
            }
            else
            {
                var sizeClass = random.Next(1_000) == 0 ? Classes[random.Next(25, Classes.Length)] : Classes[random.Next(15)];
                var handle = arena.Rent(sizeClass);
                Assert.NotEqual(0, handle);
                // Any pattern may stand in a lent block, such as what a free block's links look like.
                var mark = random.Next(-2, 20);
                arena.Block(handle, sizeClass).Fill(mark);
                lent.Add((handle, sizeClass, mark));
            }
        }
        foreach (var (handle, sizeClass, mark) in lent)
            Assert.Equal(-1, arena.Block(handle, sizeClass).IndexOfAnyExcept(mark));
        Assert.Equal(lent.Sum(block => (long)IntArena.SizeOf(block.Class)), arena.Lent);
    }

    [Fact]
    public void Returned_neighbours_become_large_blocks_again()
    {
        var arena = new IntArena();
        var handles = Enumerable.Range(0, 100_000).Select(_ => arena.Rent(IntArena.MinClass)).ToArray();
        var capacity = arena.Capacity;
        new Random(6).Shuffle(handles);
        foreach (var handle in handles)
            arena.Return(handle, IntArena.MinClass);
        Assert.Equal(0, arena.Lent);
        arena.Rent(36);
        Assert.Equal(capacity, arena.Capacity);
    }

    [Fact]
    public void Classes_go_up_and_down_by_a_half_or_a_third()
    {
        Assert.Equal([4, 8, 12, 16, 24, 32, 48, 64, 96], Classes.Take(9).Select(IntArena.SizeOf));
        for (var i = 1; i < Classes.Length; i++)
            Assert.Equal(Classes[i - 1], IntArena.Smaller(Classes[i]));
        Assert.Equal([1 << 18, 1 << 19], Classes[^2..].Select(IntArena.SizeOf));
        Assert.Throws<ArgumentOutOfRangeException>(() => new IntArena().Rent(IntArena.MaxClass + 1));
    }

    [Fact]
    public void Renting_again_what_was_returned_makes_no_garbage()
    {
        var arena = new IntArena();
        var handles = new int[1_000];
        Assert.Equal(0, Garbage.OfSecondRun(() =>
        {
            for (var i = 0; i < handles.Length; i++)
                handles[i] = arena.Rent(Classes[i % 20]);
            for (var i = 0; i < handles.Length; i++)
                arena.Return(handles[i], Classes[i % 20]);
        }));
    }
}
