using System.Runtime.InteropServices;
using Swiper.Core.Accounts;

namespace Swiper.Storage.Indexes;

/// <summary>
/// People of one sex by area (any number) and birth year. Each person is in one list, found by slot, so that moving and removing take
/// constant time. Not thread-safe.
/// </summary>
internal sealed class AreaLists
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
    private Area[] _areas = new Area[16];
    private YearList[] _lists = new YearList[16];
    // List 0 is unused, so that a membership of zero means none.
    private int _listCount = 1;

    /// <summary>Areas that ever had anyone, numbered from 0.</summary>
    public int AreaCount { get; private set; }

    public ref readonly Area this[int area] => ref _areas[area];

    public bool TryFind(Sex sex, int id, out int area) => _areaNumbers.TryGetValue(Key(sex, id), out area);

    /// <summary>The list and sex of a person; false if they are in no list.</summary>
    public bool TryFindPerson(int slot, out int list, out Sex sex)
    {
        list = _memberships.ValueOrDefault(slot).List;
        sex = list == 0 ? default : _areas[_lists[list].Area].Sex;
        return list != 0;
    }

    /// <summary>The birth years of an area; some may be empty by now.</summary>
    public ReadOnlySpan<YearRow> RowsOf(int area)
    {
        ref readonly var owner = ref _areas[area];
        return owner.RowCount == 0 ? default : Rows(owner)[..owner.RowCount];
    }

    public int CountIn(int list) => _lists[list].Count;

    public ReadOnlySpan<Listed> EntriesOf(int list) => _lists[list].Count == 0 ? default : Entries(_lists[list])[.._lists[list].Count];

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
        if (list.Count == 0)
            list.Block = _arena.Rent(list.SizeClass = IntArena.MinClass);
        else if (list.Count == IntArena.SizeOf(list.SizeClass) / EntryInts)
            Resize(ref list, IntArena.Larger(list.SizeClass));
        membership = new Membership(number, list.Count);
        Entries(list)[list.Count++] = entry;
        _areas[list.Area].Count++;
    }

    private void TakeOut(ref Membership membership)
    {
        ref var list = ref _lists[membership.List];
        var entries = Entries(list);
        // The last entry moves into the freed place.
        var last = entries[--list.Count];
        entries[membership.Position] = last;
        _memberships[last.Slot] = _memberships[last.Slot] with { Position = membership.Position };
        membership = default;
        _areas[list.Area].Count--;
        if (list.Count == 0)
            _arena.Return(list.Block, list.SizeClass);
        else if (list.SizeClass > IntArena.MinClass && list.Count * EntryInts <= IntArena.SizeOf(list.SizeClass) / 2)
            Resize(ref list, IntArena.Smaller(list.SizeClass));
    }

    private void Resize(ref YearList list, int sizeClass)
    {
        var block = _arena.Rent(sizeClass);
        Entries(list)[..list.Count].CopyTo(MemoryMarshal.Cast<int, Listed>(_arena.Block(block, sizeClass)));
        _arena.Return(list.Block, list.SizeClass);
        (list.Block, list.SizeClass) = (block, sizeClass);
    }

    private int ListFor(Sex sex, int id, int year)
    {
        if (!_areaNumbers.TryGetValue(Key(sex, id), out var number))
        {
            number = AreaCount++;
            if (number == _areas.Length)
                Array.Resize(ref _areas, number * 2);
            _areas[number] = new Area { Id = id, Sex = sex };
            _areaNumbers.Add(Key(sex, id), number);
        }
        foreach (ref readonly var row in RowsOf(number))
        {
            if (row.Year == year)
                return row.List;
        }
        return AddList(number, year);
    }

    private int AddList(int number, int year)
    {
        if (_listCount == _lists.Length)
            Array.Resize(ref _lists, _listCount * 2);
        _lists[_listCount] = new YearList { Area = number, Year = year };

        ref var area = ref _areas[number];
        if (area.RowCount == 0)
        {
            area.Rows = _arena.Rent(area.RowClass = IntArena.MinClass);
        }
        else if (area.RowCount == IntArena.SizeOf(area.RowClass) / RowInts)
        {
            var largerClass = IntArena.Larger(area.RowClass);
            var block = _arena.Rent(largerClass);
            Rows(area).CopyTo(MemoryMarshal.Cast<int, YearRow>(_arena.Block(block, largerClass)));
            _arena.Return(area.Rows, area.RowClass);
            (area.Rows, area.RowClass) = (block, largerClass);
        }
        Rows(area)[area.RowCount++] = new YearRow(year, _listCount);
        return _listCount++;
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
    }

    private readonly record struct Membership(int List, int Position);
}

/// <summary>Those of an area who were born in one year.</summary>
internal readonly record struct YearRow(int Year, int List);

/// <summary>What a search needs to know of a person, stored in the list, so that it doesn't touch the directory's columns.</summary>
internal readonly record struct Listed(int Slot, int Birthday, GridPlace Place);
