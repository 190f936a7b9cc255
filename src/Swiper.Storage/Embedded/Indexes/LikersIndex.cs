using Swiper.Core.Social;
using Swiper.Storage.Indexes;

namespace Swiper.Storage.Embedded.Indexes;

/// <summary>Which end of the arrivals a reader starts at.</summary>
internal enum LikerOrder
{
    NewestFirst,
    OldestFirst,
}

/// <summary>One who likes, and how.</summary>
internal readonly record struct Liker(int Slot, SwipeKind Kind);

/// <summary>
/// Who liked whom, by the slot of the one who was liked, in order of arrival, for the users of one shard; superlikers are kept a
/// second time by themselves, because they come first in a deck. It takes no lock: callers hold the shard lock for reads and
/// writes alike.
/// </summary>
/// <remarks>
/// A like is settled once the liked one has swiped back. Settled likes stay until the list would have to grow: readers and
/// appends are given a filter that drops them, as a rule the <see cref="SwipedSet"/> of the user.
/// </remarks>
internal sealed class LikersIndex
{
    private const int SlotMask = PeopleIndex.MaxSlot;
    private const int KindShift = 30;
    private const int ClassMask = 63;
    private const int CountShift = 6;

    private readonly IntArena _arena = new();
    // By user: blocks whose first int is count and size class. _all has everyone who likes, _super the superlikers again.
    private readonly ChunkedColumn<int> _all = new();
    private readonly ChunkedColumn<int> _super = new();

    /// <summary>What the lists take, free blocks included, without the columns of their handles (8 bytes a user of any shard).</summary>
    public long Bytes => _arena.Capacity * sizeof(int);

    /// <summary>Likes that are kept, settled ones included.</summary>
    public int Count(int user) => CountIn(_all.ValueOrDefault(user));

    /// <summary>Adds a like or superlike as the newest; a full list is rid of settled likes before it grows. The same like must not come twice.</summary>
    public void Append<TFilter>(int user, int liker, SwipeKind kind, TFilter settled)
        where TFilter : struct, ISlotFilter, allows ref struct
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)liker, (uint)SlotMask, nameof(liker));
        if (kind is not (SwipeKind.Like or SwipeKind.Superlike))
            throw new ArgumentOutOfRangeException(nameof(kind), kind, "Only a like or a superlike is kept for the one who was liked.");
        Append(ref _all.Ensure(user), Pack(liker, kind), settled);
        if (kind == SwipeKind.Superlike)
            Append(ref _super.Ensure(user), Pack(liker, kind), settled);
    }

    /// <summary>Forgets a like that was taken back, or answers false where it is not kept; quick for a recent one.</summary>
    public bool Remove(int user, int liker, SwipeKind kind)
    {
        var entry = Pack(liker, kind);
        if (kind == SwipeKind.Superlike)
            Remove(_super.ValueOrDefault(user), entry);
        return Remove(_all.ValueOrDefault(user), entry);
    }

    /// <summary>Copies everyone who likes and isn't dropped, leaving out the first <paramref name="skip"/> of them; answers how many it copied.</summary>
    public int CopyTo<TFilter>(int user, LikerOrder order, int skip, Span<Liker> into, TFilter settled)
        where TFilter : struct, ISlotFilter, allows ref struct =>
        Copy(_all.ValueOrDefault(user), order, skip, into, settled);

    /// <summary>The same of superlikers alone.</summary>
    public int CopySuperlikersTo<TFilter>(int user, LikerOrder order, int skip, Span<Liker> into, TFilter settled)
        where TFilter : struct, ISlotFilter, allows ref struct =>
        Copy(_super.ValueOrDefault(user), order, skip, into, settled);

    private static int Pack(int liker, SwipeKind kind) => liker | (int)kind << KindShift;

    private int CountIn(int block) => block == 0 ? 0 : _arena.First(block) >> CountShift;

    private Span<int> Entries(int block) =>
        block == 0 ? default : _arena.Block(block, _arena.First(block) & ClassMask).Slice(1, _arena.First(block) >> CountShift);

    private void Append<TFilter>(ref int block, int entry, TFilter settled)
        where TFilter : struct, ISlotFilter, allows ref struct
    {
        if (block == 0)
        {
            block = _arena.Rent(IntArena.MinClass);
            _arena.First(block) = IntArena.MinClass;
        }
        var sizeClass = _arena.First(block) & ClassMask;
        var places = IntArena.SizeOf(sizeClass) - 1;
        if (CountIn(block) == places)
        {
            Compact(block, settled);
            // A list that is nearly full even so would be compacted again after few likes.
            if (CountIn(block) >= places * 3L / 4)
            {
                block = Grow(block, sizeClass);
                sizeClass = IntArena.Larger(sizeClass);
            }
        }
        var count = CountIn(block);
        _arena.Block(block, sizeClass)[count + 1] = entry;
        _arena.First(block) = (count + 1) << CountShift | sizeClass;
    }

    private void Compact<TFilter>(int block, TFilter settled)
        where TFilter : struct, ISlotFilter, allows ref struct
    {
        var entries = Entries(block);
        var kept = 0;
        foreach (var entry in entries)
        {
            if (!settled.Drops(entry & SlotMask))
                entries[kept++] = entry;
        }
        _arena.First(block) = kept << CountShift | _arena.First(block) & ClassMask;
    }

    private int Grow(int block, int sizeClass)
    {
        var largerClass = IntArena.Larger(sizeClass);
        var larger = _arena.Rent(largerClass);
        _arena.Block(block, sizeClass).CopyTo(_arena.Block(larger, largerClass));
        _arena.First(larger) = _arena.First(block) & ~ClassMask | largerClass;
        _arena.Return(block, sizeClass);
        return larger;
    }

    private bool Remove(int block, int entry)
    {
        var entries = Entries(block);
        var place = entries.LastIndexOf(entry);
        if (place < 0)
            return false;
        entries[(place + 1)..].CopyTo(entries[place..]);
        _arena.First(block) -= 1 << CountShift;
        return true;
    }

    private int Copy<TFilter>(int block, LikerOrder order, int skip, Span<Liker> into, TFilter settled)
        where TFilter : struct, ISlotFilter, allows ref struct
    {
        var entries = Entries(block);
        var copied = 0;
        for (var i = 0; i < entries.Length && copied < into.Length; i++)
        {
            var entry = entries[order == LikerOrder.NewestFirst ? entries.Length - 1 - i : i];
            var slot = entry & SlotMask;
            if (settled.Drops(slot))
                continue;
            if (skip-- > 0)
                continue;
            into[copied++] = new Liker(slot, (SwipeKind)((uint)entry >> KindShift));
        }
        return copied;
    }
}
