using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Swiper.Core.Accounts;

namespace Swiper.Storage.Indexes;

/// <summary>
/// People of one sex by area (any number) and birth year. Each person is in one list, found by slot, so that moving and removing take
/// constant time. Lists and areas that nobody is in any more are removed: people move, and neither memory nor searches may grow with
/// wherever anybody has been. Not thread-safe.
/// </summary>
/// <param name="areCells">Whether areas are cells of the grid, which are then also found by block.</param>
internal sealed class AreaLists(bool areCells = false)
{
    /// <summary>Birth years outside this range share the list of the nearest.</summary>
    public const int FirstYear = 1900;
    public const int LastYear = 2100;
    /// <summary>The most rows of an area.</summary>
    public const int MaxRows = LastYear - FirstYear + 1;

    private const int EntryInts = 3;
    private const int RowInts = 2;

    private readonly IntArena _arena = new();
    private readonly Dictionary<long, int> _areaNumbers = [];
    private readonly ChunkedColumn<Membership> _memberships = new();
    // By sex.
    private readonly CellBlocks[] _blocks = areCells ? [new(), new()] : [];
    private Area[] _areas = new Area[16];
    private YearList[] _lists = new YearList[16];
    // List 0 is unused, so that a membership of zero means none, and so that it ends the chain of those that are free.
    private int _listCount = 1;
    private int _firstFree;

    /// <summary>Areas with anyone, numbered from 0; the numbers hold until the next change.</summary>
    public int AreaCount { get; private set; }

    /// <summary>Bytes of all lists and areas, in use or kept for the next ones.</summary>
    public long Bytes => _arena.Capacity * sizeof(int) + Unsafe.SizeOf<YearList>() * (long)_lists.Length
        + Unsafe.SizeOf<Area>() * (long)_areas.Length + (sizeof(long) + 3 * sizeof(int)) * (long)_areaNumbers.Capacity
        + _blocks.Sum(static blocks => blocks.Bytes);

    public ref readonly Area this[int area] => ref _areas[area];

    /// <summary>The blocks of cells that somebody of the sex is in.</summary>
    public CellBlocks BlocksOf(Sex sex) => _blocks[(int)sex];

    public bool TryFind(Sex sex, int id, out int area) => _areaNumbers.TryGetValue(Key(sex, id), out area);

    /// <summary>The list and sex of a person; false if they are in no list.</summary>
    public bool TryFindPerson(int slot, out int list, out Sex sex)
    {
        list = _memberships.ValueOrDefault(slot).List;
        sex = list == 0 ? default : _areas[_lists[list].Area].Sex;
        return list != 0;
    }

    /// <summary>The birth years of an area, in no order.</summary>
    public ReadOnlySpan<YearRow> RowsOf(int area)
    {
        ref readonly var owner = ref _areas[area];
        return Rows(owner)[..owner.RowCount];
    }

    public int CountIn(int list) => _lists[list].Count;

    public ReadOnlySpan<Listed> EntriesOf(int list) => Entries(_lists[list])[.._lists[list].Count];

    /// <summary>Moves a person into an area, out of the previous one.</summary>
    public void Put(in Listed entry, Sex sex, int area)
    {
        ref var membership = ref _memberships.Ensure(entry.Slot);
        var year = YearOf(entry.Birthday);
        if (membership.List != 0)
        {
            ref readonly var list = ref _lists[membership.List];
            ref readonly var from = ref _areas[list.Area];
            if (list.Year == year && from.Id == area && from.Sex == sex)
            {
                Entries(list)[membership.Position] = entry;
                return;
            }
            TakeOut(ref membership);
        }
        PutIn(ref membership, entry, ListFor(sex, area, year));
    }

    /// <summary>Removes a person from their area, if any.</summary>
    public void Remove(int slot)
    {
        ref var membership = ref _memberships.Ensure(slot);
        if (membership.List != 0)
            TakeOut(ref membership);
    }

    /// <summary>The year of the list that a birthday belongs to.</summary>
    public static int YearOf(int birthday) => Math.Clamp(DateOnly.FromDayNumber(birthday).Year, FirstYear, LastYear);

    private static long Key(Sex sex, int id) => (long)id << 1 | (long)sex;

    private Span<YearRow> Rows(in Area area) => MemoryMarshal.Cast<int, YearRow>(_arena.Block(area.Rows, area.RowClass));

    private Span<Listed> Entries(in YearList list) => MemoryMarshal.Cast<int, Listed>(_arena.Block(list.Block, list.SizeClass));

    private void PutIn(ref Membership membership, in Listed entry, int number)
    {
        ref var list = ref _lists[number];
        if (list.Count == IntArena.SizeOf(list.SizeClass) / EntryInts)
            Resize(ref list.Block, ref list.SizeClass, IntArena.Larger(list.SizeClass));
        membership = new Membership(number, list.Count);
        Entries(list)[list.Count++] = entry;
        ref var area = ref _areas[list.Area];
        area.Count++;
        if (areCells)
            BlocksOf(area.Sex).Add(area.Id, isFirst: area.Count == 1);
    }

    private void TakeOut(ref Membership membership)
    {
        var number = membership.List;
        ref var list = ref _lists[number];
        var entries = Entries(list);
        // The last entry moves into the freed place.
        var last = entries[--list.Count];
        entries[membership.Position] = last;
        _memberships[last.Slot] = _memberships[last.Slot] with { Position = membership.Position };
        membership = default;
        ref var area = ref _areas[list.Area];
        area.Count--;
        if (areCells)
            BlocksOf(area.Sex).Remove(area.Id, isLast: area.Count == 0);
        if (list.Count == 0)
            RemoveList(number);
        else if (IsHalfEmpty(list.Count * EntryInts, list.SizeClass))
            Resize(ref list.Block, ref list.SizeClass, IntArena.Smaller(list.SizeClass));
    }

    private static bool IsHalfEmpty(int ints, int sizeClass) => sizeClass > IntArena.MinClass && ints <= IntArena.SizeOf(sizeClass) / 2;

    private void Resize(ref int block, ref int sizeClass, int toClass)
    {
        var from = _arena.Block(block, sizeClass);
        var resized = _arena.Rent(toClass);
        var to = _arena.Block(resized, toClass);
        from[..Math.Min(from.Length, to.Length)].CopyTo(to);
        _arena.Return(block, sizeClass);
        (block, sizeClass) = (resized, toClass);
    }

    private int ListFor(Sex sex, int id, int year)
    {
        if (!_areaNumbers.TryGetValue(Key(sex, id), out var number))
            number = AddArea(sex, id);
        foreach (ref readonly var row in RowsOf(number))
        {
            if (row.Year == year)
                return row.List;
        }
        return AddList(number, year);
    }

    private int AddArea(Sex sex, int id)
    {
        var number = AreaCount++;
        if (number == _areas.Length)
            Array.Resize(ref _areas, number * 2);
        _areas[number] = new Area { Id = id, Sex = sex, Rows = _arena.Rent(IntArena.MinClass), RowClass = IntArena.MinClass };
        _areaNumbers.Add(Key(sex, id), number);
        return number;
    }

    // The last area takes over the number.
    private void RemoveArea(int number)
    {
        ref var area = ref _areas[number];
        _arena.Return(area.Rows, area.RowClass);
        _areaNumbers.Remove(Key(area.Sex, area.Id));
        var last = --AreaCount;
        if (number == last)
            return;
        area = _areas[last];
        _areaNumbers[Key(area.Sex, area.Id)] = number;
        foreach (ref readonly var row in RowsOf(number))
            _lists[row.List].Area = number;
    }

    private int AddList(int number, int year)
    {
        var added = _firstFree != 0 ? _firstFree : _listCount++;
        if (added == _lists.Length)
            Array.Resize(ref _lists, added * 2);
        ref var list = ref _lists[added];
        _firstFree = list.NextFree;
        list = new YearList { Area = number, Year = year, Block = _arena.Rent(IntArena.MinClass), SizeClass = IntArena.MinClass };

        ref var area = ref _areas[number];
        if (area.RowCount == IntArena.SizeOf(area.RowClass) / RowInts)
            Resize(ref area.Rows, ref area.RowClass, IntArena.Larger(area.RowClass));
        Rows(area)[area.RowCount++] = new YearRow(year, added);
        return added;
    }

    // The area's last row moves into the freed place.
    private void RemoveList(int number)
    {
        ref var list = ref _lists[number];
        ref var area = ref _areas[list.Area];
        var rows = Rows(area);
        var at = 0;
        while (rows[at].List != number)
            at++;
        rows[at] = rows[--area.RowCount];
        if (area.RowCount == 0)
            RemoveArea(list.Area);
        else if (IsHalfEmpty(area.RowCount * RowInts, area.RowClass))
            Resize(ref area.Rows, ref area.RowClass, IntArena.Smaller(area.RowClass));
        _arena.Return(list.Block, list.SizeClass);
        list = new YearList { NextFree = _firstFree };
        _firstFree = number;
    }

    /// <summary>An area and how many people it has.</summary>
    internal struct Area
    {
        public int Id;
        public Sex Sex;
        public int Count;
        public int RowCount;
        internal int Rows;
        internal int RowClass;
    }

    private struct YearList
    {
        public int Area;
        public int Year;
        public int Count;
        public int Block;
        public int SizeClass;
        // 0 after the last one that is free, and of those in use.
        public int NextFree;
    }

    private readonly record struct Membership(int List, int Position);
}

/// <summary>Those of an area who were born in one year.</summary>
internal readonly record struct YearRow(int Year, int List);

/// <summary>What a search needs to know of a person, stored in the list, so that it doesn't touch the directory's columns.</summary>
internal readonly record struct Listed(int Slot, int Birthday, GridPlace Place);
