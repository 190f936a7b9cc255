using Swiper.Core.Social;
using Swiper.Storage.Indexes;

namespace Swiper.Storage.Embedded.Indexes;

/// <summary>
/// Who swiped whom and how, by the slot of the swiper, for the swipers of one shard. Not thread-safe: callers hold the shard lock for
/// reads and writes alike.
/// </summary>
internal sealed class SwipedIndex
{
    private const int ClassMask = 63;
    private const int CountShift = 6;

    private readonly IntArena _arena = new();
    // By swiper: the block of the set. Its first int is count and size class, the rest is the hash table.
    private readonly ChunkedColumn<int> _blocks = new();

    /// <summary>
    /// The memory of the sets, free blocks included, without the column of their handles (4 bytes per user of any shard).
    /// </summary>
    public long Bytes => _arena.Capacity * sizeof(int);

    /// <summary>One user's swipes, for filtering.</summary>
    public SwipedSet Of(int swiper)
    {
        var block = _blocks.ValueOrDefault(swiper);
        return block == 0 ? default : SetIn(block, _arena.First(block) & ClassMask);
    }

    public int Count(int swiper)
    {
        var block = _blocks.ValueOrDefault(swiper);
        return block == 0 ? 0 : _arena.First(block) >> CountShift;
    }

    public bool TryGet(int swiper, int target, out SwipeKind kind) => Of(swiper).TryGet(target, out kind);

    /// <summary>Adds the swipe; false, without a change, if the swiper has already swiped the target in any way.</summary>
    public bool TryAdd(int swiper, int target, SwipeKind kind)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)target, (uint)PeopleIndex.MaxSlot, nameof(target));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)kind - 1, 2u, nameof(kind));
        ref var block = ref _blocks.Ensure(swiper);
        if (block == 0)
            block = NewBlock(IntArena.MinClass);

        var sizeClass = _arena.First(block) & ClassMask;
        var set = SetIn(block, sizeClass);
        if (set.Find(target) >= 0)
            return false;
        if (_arena.First(block) >> CountShift >= SwipedSet.MostIn(IntArena.SizeOf(sizeClass) - 1))
        {
            block = Grow(block, sizeClass);
            set = SetIn(block, IntArena.Larger(sizeClass));
        }
        set.Insert(SwipedSet.Pack(target, kind));
        _arena.First(block) += 1 << CountShift;
        return true;
    }

    /// <summary>Removes a swipe; false if there was none.</summary>
    public bool Remove(int swiper, int target)
    {
        var set = Of(swiper);
        if (!set.Drops(target))
            return false;
        set.RemoveAt(set.Find(target));
        _arena.First(_blocks[swiper]) -= 1 << CountShift;
        return true;
    }

    private SwipedSet SetIn(int block, int sizeClass) => new(_arena.Block(block, sizeClass)[1..]);

    private int NewBlock(int sizeClass)
    {
        var block = _arena.Rent(sizeClass);
        _arena.Block(block, sizeClass).Clear();
        _arena.First(block) = sizeClass;
        return block;
    }

    private int Grow(int block, int sizeClass)
    {
        var largerClass = IntArena.Larger(sizeClass);
        var larger = NewBlock(largerClass);
        var set = SetIn(larger, largerClass);
        foreach (var entry in _arena.Block(block, sizeClass)[1..])
        {
            if (entry != 0)
                set.Insert(entry);
        }
        _arena.First(larger) = _arena.First(block) & ~ClassMask | largerClass;
        _arena.Return(block, sizeClass);
        return larger;
    }
}
