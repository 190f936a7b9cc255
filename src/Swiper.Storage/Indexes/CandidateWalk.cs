namespace Swiper.Storage.Indexes;

/// <summary>
/// Goes through the areas that a search names and takes who fits, until there are enough or the budget is spent. Within an area it
/// takes turns between birth years and enters each list at a place of the asker's own, so that a deck mixes ages and not everybody
/// sees the same people first.
/// </summary>
internal ref struct CandidateWalk<TFilter>(in CandidateQuery query, in DistanceFrom from, Span<Candidate> into, TFilter filter)
    where TFilter : struct, ISlotFilter, allows ref struct
{
    /// <summary>A birth year's turn ends with one taken or this many examined.</summary>
    private const int Turn = 32;

    private readonly CandidateQuery _query = query;
    private readonly DistanceFrom _from = from;
    private readonly Span<Candidate> _into = into;
    private readonly ulong _seed = Mix(query.Seed + (ulong)query.Me * 0x9E37_79B9_7F4A_7C15UL);
    private TFilter _filter = filter;
    private int _areas;

    public int Found { get; private set; }

    /// <summary>Candidates examined, <see cref="Dropped"/> included.</summary>
    public int Examined { get; private set; }

    /// <summary>Candidates of the right age that the filter dropped. They are no charge on the budget: nobody has more of them than swipes,
    /// and charging them would leave those who swipe most with empty decks.</summary>
    public int Dropped { get; private set; }

    public readonly bool OutOfBudget => Examined - Dropped + _areas >= _query.WorkBudget;

    /// <summary>No more areas are wanted.</summary>
    public readonly bool Ended => Found == _into.Length || OutOfBudget;

    public void Visit(AreaLists lists, int area)
    {
        _areas++;
        Span<Cursor> cursors = stackalloc Cursor[AreaLists.MaxRows];
        var open = OpenRows(lists, lists.RowsOf(area), cursors);
        if (open == 0)
            return;
        var turn = (int)(Mix(_seed ^ (ulong)area) % (uint)open);
        while (open > 0 && !Ended)
        {
            ref var cursor = ref cursors[turn];
            TakeTurn(lists.EntriesOf(cursor.List), ref cursor);
            if (cursor.Left == 0)
                cursor = cursors[--open];
            else
                turn++;
            if (turn >= open)
                turn = 0;
        }
    }

    private readonly int OpenRows(AreaLists lists, ReadOnlySpan<YearRow> rows, Span<Cursor> cursors)
    {
        var firstYear = AreaLists.YearOf(Math.Max(1, _query.Birthdays.First));
        var lastYear = AreaLists.YearOf(Math.Max(1, _query.Birthdays.Last));
        var open = 0;
        foreach (ref readonly var row in rows)
        {
            var count = lists.CountIn(row.List);
            if (count > 0 && (row.Year == 0 || row.Year >= firstYear && row.Year <= lastYear))
                cursors[open++] = new Cursor(row.List, (int)(Mix(_seed + (ulong)row.List) % (uint)count), count);
        }
        return open;
    }

    private void TakeTurn(ReadOnlySpan<Listed> entries, ref Cursor cursor)
    {
        for (var examined = 0; examined < Turn && cursor.Left > 0 && !OutOfBudget; examined++)
        {
            var taken = Take(entries[cursor.Next]);
            cursor.Left--;
            if (++cursor.Next == entries.Length)
                cursor.Next = 0;
            if (taken)
                return;
        }
    }

    // Cheap questions first; the order in which filters are told to have removed somebody is DeckTally's.
    private bool Take(in Listed entry)
    {
        Examined++;
        if (!_query.Birthdays.Contains(entry.Birthday))
            return false;
        if (entry.Slot == _query.Me || _filter.Drops(entry.Slot))
        {
            Dropped++;
            return false;
        }
        var km = _query.Place is null || entry.Place.IsNone ? -1 : _from.ShownKmTo(entry.Place);
        if (_query.ByDistance && (km < _query.MinKm || km > _query.MaxKm))
            return false;
        _into[Found++] = new Candidate(entry.Slot, km);
        return true;
    }

    // The finisher of splitmix64.
    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58_476D_1CE4_E5B9UL;
        value = (value ^ (value >> 27)) * 0x94D0_49BB_1331_11EBUL;
        return value ^ (value >> 31);
    }

    private struct Cursor(int list, int next, int left)
    {
        public readonly int List = list;
        public int Next = next;
        public int Left = left;
    }
}
