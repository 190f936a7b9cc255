namespace Swiper.Storage.Indexes;

/// <summary>
/// Walks the areas of a search, keeps the nearest people who fit, and ends when nobody nearer can follow or enough were examined. Within
/// an area it alternates between birth years and enters each list at a place that depends on the asker, so that of more people than can
/// be examined it finds some of all ages, and not the same for everybody.
/// </summary>
internal ref struct CandidateWalk<TFilter>(in CandidateQuery query, in DistanceFrom from, Span<Candidate> into, TFilter filter)
    where TFilter : struct, ISlotFilter, allows ref struct
{
    /// <summary>A birth year's turn ends after one is taken or this many are examined.</summary>
    private const int Turn = 32;

    private readonly CandidateQuery _query = query;
    private readonly DistanceFrom _from = from;
    // Those found so far; once there are enough, a heap with the farthest on top.
    private readonly Span<Candidate> _into = into;
    private readonly ulong _seed = Mix(query.Seed + (ulong)query.Me * 0x9E37_79B9_7F4A_7C15UL);
    private TFilter _filter = filter;
    private int _areaWork;
    private int _nearestLeft;
    private int _workWhenFull;

    public int Found { get; private set; }

    /// <summary>Candidates examined, <see cref="Dropped"/> included.</summary>
    public int Examined { get; private set; }

    /// <summary>
    /// Candidates of the right age that the filter dropped. They have a budget of their own: counting them against that of the others
    /// would leave those who swipe most with empty decks.
    /// </summary>
    public int Dropped { get; private set; }

    public readonly bool OutOfBudget => Examined - Dropped + _areaWork >= _query.WorkBudget || Dropped >= _query.DroppedBudget;

    private readonly bool IsFull => Found == _into.Length;

    private readonly int FarthestRank => Rank(_into[0].Km);

    // Nobody left can be nearer than those found, or enough were examined.
    private readonly bool Ended => OutOfBudget
        || IsFull && (_into.IsEmpty || FarthestRank <= _nearestLeft || Examined + _areaWork - _workWhenFull >= _query.NearerBudget);

    /// <summary>Whether another area is worth a visit, given that nobody in the remaining ones is shown nearer than this.</summary>
    public bool Wants(int nearestKm)
    {
        _nearestLeft = _query.Place is null ? int.MaxValue : _query.ByDistance ? Math.Max(nearestKm, _query.MinKm) : nearestKm;
        return !Ended;
    }

    /// <summary>Visits an area that the walk <see cref="Wants"/>.</summary>
    public void Visit(AreaLists lists, int area)
    {
        _areaWork += CandidateQuery.AreaCost;
        var rows = lists.RowsOf(area);
        Span<Cursor> cursors = stackalloc Cursor[rows.Length];
        var open = OpenRows(lists, rows, cursors);
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
            if (count > 0 && row.Year >= firstYear && row.Year <= lastYear)
                cursors[open++] = new Cursor(row.List, (int)(Mix(_seed + (ulong)row.List) % (uint)count), count);
        }
        return open;
    }

    private void TakeTurn(ReadOnlySpan<Listed> entries, ref Cursor cursor)
    {
        for (var examined = 0; examined < Turn && cursor.Left > 0 && !Ended; examined++)
        {
            var taken = Take(entries[cursor.Next]);
            cursor.Left--;
            if (++cursor.Next == entries.Length)
                cursor.Next = 0;
            if (taken)
                return;
        }
    }

    // Cheap checks first; DeckTally determines to which filter a removal is attributed.
    private bool Take(in Listed entry)
    {
        Examined++;
        if (!_query.Birthdays.Contains(entry.Birthday))
            return false;
        // Most people of a crowded area are farther than all that were found: who is at least as far as the farthest of them, whose
        // kilometres are rounded up.
        if (IsFull && _query.Place is not null && !entry.Place.IsNone && _from.IsBeyond(entry.Place, FarthestRank - 1))
            return false;
        if (entry.Slot == _query.Me || _filter.Drops(entry.Slot))
        {
            Dropped++;
            return false;
        }
        var km = _query.Place is null || entry.Place.IsNone ? -1 : _from.ShownKmTo(entry.Place);
        if (_query.ByDistance && (km < _query.MinKm || km > _query.MaxKm))
            return false;
        return Keep(new Candidate(entry.Slot, km));
    }

    private bool Keep(Candidate candidate)
    {
        if (IsFull)
        {
            if (Rank(candidate.Km) >= FarthestRank)
                return false;
            _into[0] = candidate;
            SiftDown(0);
            return true;
        }
        _into[Found++] = candidate;
        _workWhenFull = Examined + _areaWork;
        for (var i = IsFull ? _into.Length / 2 - 1 : -1; i >= 0; i--)
            SiftDown(i);
        return true;
    }

    private readonly void SiftDown(int i)
    {
        var candidate = _into[i];
        var rank = Rank(candidate.Km);
        while (2 * i + 1 is var child && child < _into.Length)
        {
            if (child + 1 < _into.Length && Rank(_into[child + 1].Km) > Rank(_into[child].Km))
                child++;
            if (Rank(_into[child].Km) <= rank)
                break;
            _into[i] = _into[child];
            i = child;
        }
        _into[i] = candidate;
    }

    // People at an unknown distance come last.
    private static int Rank(int km) => km < 0 ? int.MaxValue : km;

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
