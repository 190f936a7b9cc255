using Swiper.Core.Social;

namespace Swiper.Storage.Indexes;

/// <summary>
/// The set of users whom one user has swiped: a view of borrowed memory, valid for as long as its owner says (in the embedded engine:
/// while the shard lock is held and until the next write to its index).
/// </summary>
internal readonly ref struct SwipedSet : ISlotFilter
{
    private const int SlotMask = PeopleIndex.MaxSlot;
    private const int KindShift = 30;

    private readonly Span<int> _entries;

    /// <param name="entries">Slots with the kind in the top two bits; 0 is an empty place, for no kind is 0.</param>
    internal SwipedSet(Span<int> entries) => _entries = entries;

    /// <summary>The size of a copy; larger than the number of swipes.</summary>
    public int Places => _entries.Length;

    /// <summary>Copies the set, so that a copy made into <see cref="SwipedSet"/> again outlives the shard lock.</summary>
    public void CopyTo(Span<int> places) => _entries.CopyTo(places);

    /// <summary>Copies the slots of some, whichever stand first; returns how many.</summary>
    public int CopySome(Span<int> slots)
    {
        var copied = 0;
        for (var place = 0; place < _entries.Length && copied < slots.Length; place++)
        {
            if (SlotAt(place) is var slot && slot >= 0)
                slots[copied++] = slot;
        }
        return copied;
    }

    /// <summary>Who is at one of the <see cref="Places"/>; -1 if nobody is.</summary>
    public int SlotAt(int place) => _entries[place] is var entry && entry == 0 ? -1 : entry & SlotMask;

    public bool Drops(int slot) => !_entries.IsEmpty && Find(slot) >= 0;

    public bool TryGet(int target, out SwipeKind kind)
    {
        kind = default;
        if (_entries.IsEmpty)
            return false;
        var place = Find(target);
        if (place < 0)
            return false;
        kind = (SwipeKind)((uint)_entries[place] >> KindShift);
        return true;
    }

    /// <summary>The maximum load of a table this size: probes stay short, and there is always an empty place to stop at.</summary>
    internal static int MostIn(int places) => (int)(places * 13L / 16);

    /// <summary>A table size sufficient for this many swipes.</summary>
    internal static int PlacesFor(int swipes) => swipes == 0 ? 0 : (int)Math.Min(swipes * 16L / 13 + 2, Array.MaxLength);

    internal static int Pack(int target, SwipeKind kind) => target | (int)kind << KindShift;

    /// <summary>The place of the target, or the complement of the place where it would go.</summary>
    internal int Find(int target)
    {
        var entries = _entries;
        var i = Home(target, entries.Length);
        while (true)
        {
            var entry = entries[i];
            if (entry == 0)
                return ~i;
            if ((entry & SlotMask) == target)
                return i;
            if (++i == entries.Length)
                i = 0;
        }
    }

    /// <summary>Adds a new entry; there must be room.</summary>
    internal void Insert(int entry) => _entries[~Find(entry & SlotMask)] = entry;

    /// <summary>Clears a place and moves later entries of its run back, so that no tombstone is needed.</summary>
    internal void RemoveAt(int hole)
    {
        var entries = _entries;
        var i = hole;
        while (true)
        {
            if (++i == entries.Length)
                i = 0;
            var entry = entries[i];
            if (entry == 0)
                break;
            // An entry may move back unless that takes it before its home, around the end included.
            var home = Home(entry & SlotMask, entries.Length);
            var staysPut = hole < i ? home > hole && home <= i : home > hole || home <= i;
            if (staysPut)
                continue;
            entries[hole] = entry;
            hole = i;
        }
        entries[hole] = 0;
    }

    private static int Home(int target, int places) => (int)((ulong)((uint)target * 0x9E37_79B9u) * (uint)places >> 32);
}
