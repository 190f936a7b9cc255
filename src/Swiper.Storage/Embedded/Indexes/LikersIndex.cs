using System.Runtime.InteropServices;
using Swiper.Core.Dispatch;
using Swiper.Core.Social;
using Swiper.Storage.Indexes;

namespace Swiper.Storage.Embedded.Indexes;

/// <summary>
/// Likers by the slot of the liked user, ordered by time and then uid, for the users of one shard; superlikers are also kept in a list of
/// their own, because they come first in a deck. Not thread-safe: callers hold the shard lock for reads and writes alike.
/// </summary>
/// <remarks>
/// A like is settled once the liked one has swiped back. Settled likes stay until the list would have to grow, or a reader has passed
/// many: readers and appends are given a filter that drops them, as a rule the <see cref="SwipedSet"/> of the user. So each settled like
/// is passed a few times, and no reader passes those of years.
/// </remarks>
internal sealed class LikersIndex(PeopleIndex people)
{
    private const int SlotMask = PeopleIndex.MaxSlot;
    private const int KindShift = 30;
    private const int ClassMask = 63;
    private const int CountShift = 6;
    private const int EntryInts = 3;
    // Removing them costs a reader about as much as passing them once more.
    private const int MostPassed = 256;

    /// <summary>The most superlikers that one deck looks at: few are hidden from the one whom they like.</summary>
    public const int MostSuperlikers = 2_000;

    private readonly IntArena _arena = new();
    // By user: blocks whose first int is count and size class. _all has every liker, _super the superlikers again.
    private readonly ChunkedColumn<int> _all = new();
    private readonly ChunkedColumn<int> _super = new();

    /// <summary>
    /// The memory of the lists, free blocks included, without the columns of their handles (8 bytes per user of any shard).
    /// </summary>
    public long Bytes => _arena.Capacity * sizeof(int);

    /// <summary>Likes in memory, settled ones included.</summary>
    public int Count(int user) => CountIn(_all.ValueOrDefault(user));

    /// <summary>
    /// Adds a like or superlike, fastest for one of the newest; a full list drops its settled likes before it grows. A like must not be
    /// added twice.
    /// </summary>
    public void Add<TFilter>(int user, Liker liker, TFilter settled)
        where TFilter : struct, ISlotFilter, allows ref struct
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)liker.Slot, (uint)SlotMask, nameof(liker));
        if (liker.Kind is not (SwipeKind.Like or SwipeKind.Superlike))
            throw new ArgumentOutOfRangeException(nameof(liker), liker.Kind,
                "Only a like or a superlike is kept for the one who was liked.");
        Add(ref _all.Ensure(user), new Entry(liker), settled);
        if (liker.Kind == SwipeKind.Superlike)
            Add(ref _super.Ensure(user), new Entry(liker), settled);
    }

    /// <summary>Removes a like that was taken back; false if it is not there. Fast for a recent one.</summary>
    public bool Remove(int user, int liker, SwipeKind kind)
    {
        if (kind == SwipeKind.Superlike)
            Remove(_super.ValueOrDefault(user), liker);
        return Remove(_all.ValueOrDefault(user), liker);
    }

    /// <summary>
    /// Copies likers that the filter doesn't drop, newest first, starting after a cursor if one is given; returns how many.
    /// </summary>
    public int CopyNewestTo<TFilter>(int user, PageCursor? after, Span<Liker> into, TFilter settled)
        where TFilter : struct, ISlotFilter, allows ref struct
    {
        var block = _all.ValueOrDefault(user);
        var entries = Entries(block);
        var last = after is { } place ? CountBefore(entries, place) : entries.Length;
        var (copied, next) = (0, last - 1);
        for (; next >= 0 && copied < into.Length; next--)
        {
            if (!settled.Drops(entries[next].Slot))
                into[copied++] = entries[next].Liker;
        }
        if (last - 1 - next - copied > MostPassed)
            Compact(block, next + 1, last, settled);
        return copied;
    }

    /// <summary>
    /// Copies superlikers that neither filter drops, oldest first, of the oldest <see cref="MostSuperlikers"/>; returns how many.
    /// </summary>
    public int CopySuperlikersTo<TFilter, THidden>(int user, Span<Liker> into, TFilter settled, THidden hidden)
        where TFilter : struct, ISlotFilter, allows ref struct
        where THidden : struct, ISlotFilter, allows ref struct
    {
        var block = _super.ValueOrDefault(user);
        var entries = Entries(block);
        var (copied, passed, next) = (0, 0, 0);
        for (; next < entries.Length && copied < into.Length && next - passed < MostSuperlikers; next++)
        {
            if (settled.Drops(entries[next].Slot))
                passed++;
            else if (!hidden.Drops(entries[next].Slot))
                into[copied++] = entries[next].Liker;
        }
        if (passed > MostPassed)
            Compact(block, 0, next, settled);
        return copied;
    }

    private int CountIn(int block) => block == 0 ? 0 : _arena.First(block) >> CountShift;

    private Span<Entry> Places(int block) =>
        MemoryMarshal.Cast<int, Entry>(_arena.Block(block, _arena.First(block) & ClassMask)[1..]);

    private Span<Entry> Entries(int block) => block == 0 ? default : Places(block)[..CountIn(block)];

    private void Add<TFilter>(ref int block, in Entry entry, TFilter settled)
        where TFilter : struct, ISlotFilter, allows ref struct
    {
        if (block == 0)
        {
            block = _arena.Rent(IntArena.MinClass);
            _arena.First(block) = IntArena.MinClass;
        }
        var sizeClass = _arena.First(block) & ClassMask;
        var most = (IntArena.SizeOf(sizeClass) - 1) / EntryInts;
        if (CountIn(block) == most)
        {
            Compact(block, 0, most, settled);
            // A list that is still nearly full would be compacted again after a few likes.
            if (CountIn(block) >= most * 3L / 4)
            {
                block = Grow(block, sizeClass);
                sizeClass = IntArena.Larger(sizeClass);
            }
        }
        var count = CountIn(block);
        Insert(Places(block)[..(count + 1)], entry);
        _arena.First(block) = (count + 1) << CountShift | sizeClass;
    }

    // Likes come nearly in order: each is stamped before it waits for its commit.
    private void Insert(Span<Entry> entries, in Entry entry)
    {
        var place = entries.Length - 1;
        while (place > 0 && IsBefore(entry, entries[place - 1].At, entries[place - 1].Slot))
        {
            entries[place] = entries[place - 1];
            place--;
        }
        entries[place] = entry;
    }

    private bool IsBefore(in Entry entry, long at, int slot) =>
        entry.At < at || entry.At == at && people.UidOf(entry.Slot) < people.UidOf(slot);

    private int CountBefore(ReadOnlySpan<Entry> entries, PageCursor place)
    {
        var low = 0;
        var high = entries.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            ref readonly var entry = ref entries[middle];
            if (entry.At < place.At || entry.At == place.At && people.UidOf(entry.Slot) < place.Uid)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    // Removes the settled likes of a part of the list.
    private void Compact<TFilter>(int block, int start, int end, TFilter settled)
        where TFilter : struct, ISlotFilter, allows ref struct
    {
        var entries = Entries(block);
        var kept = start;
        foreach (var entry in entries[start..end])
        {
            if (!settled.Drops(entry.Slot))
                entries[kept++] = entry;
        }
        entries[end..].CopyTo(entries[kept..]);
        _arena.First(block) = (entries.Length - end + kept) << CountShift | _arena.First(block) & ClassMask;
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

    private bool Remove(int block, int liker)
    {
        var entries = Entries(block);
        var place = entries.Length - 1;
        while (place >= 0 && entries[place].Slot != liker)
            place--;
        if (place < 0)
            return false;
        entries[(place + 1)..].CopyTo(entries[place..]);
        _arena.First(block) -= 1 << CountShift;
        return true;
    }

    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private readonly struct Entry(Liker liker)
    {
        private readonly int _slotAndKind = liker.Slot | (int)liker.Kind << KindShift;

        public readonly long At = liker.At;

        public int Slot => _slotAndKind & SlotMask;

        public Liker Liker => new(Slot, (SwipeKind)((uint)_slotAndKind >> KindShift), At);
    }
}
