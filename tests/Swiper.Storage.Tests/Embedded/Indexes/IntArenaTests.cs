using Swiper.Storage.Embedded.Indexes;

namespace Swiper.Storage.Tests.Embedded.Indexes;

public class IntArenaTests
{
    [Fact]
    public void Blocks_that_are_lent_never_overlap()
    {
        var random = new Random(5);
        var arena = new IntArena();
        var lent = new List<(int Handle, int Bits, int Mark)>();
        for (var i = 0; i < 60_000; i++)
        {
            if (lent.Count > 0 && random.Next(100) < (i < 30_000 ? 40 : 60))
            {
                var at = random.Next(lent.Count);
                var (handle, bits, mark) = lent[at];
                Assert.Equal(-1, arena.Block(handle, bits).IndexOfAnyExcept(mark));
                arena.Return(handle, bits);
                lent[at] = lent[^1];
                lent.RemoveAt(lent.Count - 1);
            }
            else
            {
                var bits = random.Next(1_000) == 0 ? random.Next(15, 20) : random.Next(IntArena.MinBits, 10);
                var handle = arena.Rent(bits);
                Assert.NotEqual(0, handle);
                // Any pattern may stand in a lent block, such as what a free block's links look like.
                var mark = random.Next(-2, 20);
                arena.Block(handle, bits).Fill(mark);
                lent.Add((handle, bits, mark));
            }
        }
        foreach (var (handle, bits, mark) in lent)
            Assert.Equal(-1, arena.Block(handle, bits).IndexOfAnyExcept(mark));
        Assert.Equal(lent.Sum(block => 1L << block.Bits), arena.Lent);
    }

    [Fact]
    public void Returned_neighbours_become_large_blocks_again()
    {
        var arena = new IntArena();
        var handles = Enumerable.Range(0, 100_000).Select(_ => arena.Rent(IntArena.MinBits)).ToArray();
        var capacity = arena.Capacity;
        new Random(6).Shuffle(handles);
        foreach (var handle in handles)
            arena.Return(handle, IntArena.MinBits);
        Assert.Equal(0, arena.Lent);
        arena.Rent(18);
        Assert.Equal(capacity, arena.Capacity);
    }

    [Fact]
    public void A_class_is_the_smallest_that_holds_so_many()
    {
        Assert.Equal([2, 2, 3, 3, 4, 10, 11], new[] { 0, 4, 5, 8, 9, 1024, 1025 }.Select(IntArena.BitsFor));
        Assert.Throws<ArgumentOutOfRangeException>(() => new IntArena().Rent(IntArena.MaxBits + 1));
    }

    [Fact]
    public void Renting_again_what_was_returned_makes_no_garbage()
    {
        var arena = new IntArena();
        var handles = new int[1_000];
        Assert.Equal(0, Garbage.OfSecondRun(() =>
        {
            for (var i = 0; i < handles.Length; i++)
                handles[i] = arena.Rent(2 + i % 9);
            for (var i = 0; i < handles.Length; i++)
                arena.Return(handles[i], 2 + i % 9);
        }));
    }
}
