namespace Swiper.Storage.Indexes;

/// <summary>
/// Counts the people who match a query's place and age, by whole areas and birth years where possible, and never the asker. It looks at
/// no more rows and people than the query's budget.
/// </summary>
internal struct DeckTally(CandidateQuery query, DistanceFrom from, AreaLists lists)
{
    // That of the asker, or 0.
    private readonly int _myList = lists.TryFindPerson(query.Me, out var list, out _) ? list : 0;
    // Of the people in areas that were not looked into, those in place: as many are of the age as of all people.
    private int _inPlaceUnseen;
    private bool _beyond;

    /// <summary>
    /// Whoever is farther away than this is far enough: distances are shown as 1 km at least, so a minimum of 1 excludes nobody.
    /// </summary>
    public readonly double BeyondKm => query.MinKm <= 1 ? double.NegativeInfinity : query.MinKm - 1;

    /// <summary>The areas, birth years and people looked at.</summary>
    public int Work { get; private set; }

    public int InPlace { get; private set; }

    public int OfAge { get; private set; }

    /// <summary>False if some were counted by the middle of their area or year, or areas were not looked into.</summary>
    public readonly bool Exact => !_beyond;

    /// <summary>An area that lies entirely in the place.</summary>
    public void AddArea(int area) => Add(area, everyoneIn: true, middleIn: true);

    /// <summary>A cell that overlaps the requested distance.</summary>
    public void AddCell(int area, double middleKm)
    {
        var everyoneIn = middleKm - NearbyAreas.ReachKm > BeyondKm && middleKm + NearbyAreas.ReachKm <= query.MaxKm;
        var middleIn = middleKm > BeyondKm && middleKm <= query.MaxKm;
        Add(area, everyoneIn, middleIn);
    }

    /// <summary>So many people in cells that were not looked into, once the budget is spent.</summary>
    public void AddUnseen(int people) => _inPlaceUnseen += people;

    /// <summary>After the last one: judges the ages of those in areas that were not looked into by those of all people.</summary>
    public void EndUnseen(AreaLists everyone, int area)
    {
        if (_inPlaceUnseen == 0)
            return;
        var (all, ofAge) = (0L, 0L);
        foreach (ref readonly var row in everyone.RowsOf(area))
        {
            var count = everyone.CountIn(row.List);
            all += count;
            ofAge += AgeOf(row.Year).Fits ? count : 0;
        }
        InPlace += _inPlaceUnseen;
        OfAge += (int)(ofAge * _inPlaceUnseen / Math.Max(1, all));
    }

    private void Add(int area, bool everyoneIn, bool middleIn)
    {
        var rows = lists.RowsOf(area);
        Work += 1 + rows.Length;
        _beyond |= Work > query.WorkBudget;
        foreach (ref readonly var row in rows)
        {
            var count = lists.CountIn(row.List);
            var (ageKnown, ageFits) = AgeOf(row.Year);
            if (everyoneIn && ageKnown || IsBeyond(count))
            {
                AddWhole(row.List == _myList ? count - 1 : count, middleIn, ageFits);
            }
            else
            {
                Work += count;
                AddEach(lists.EntriesOf(row.List));
            }
        }
    }

    private bool IsBeyond(int count)
    {
        _beyond |= Work + count > query.WorkBudget;
        return _beyond;
    }

    private void AddWhole(int count, bool inPlace, bool ageFits)
    {
        InPlace += inPlace ? count : 0;
        OfAge += inPlace && ageFits ? count : 0;
    }

    private void AddEach(ReadOnlySpan<Listed> entries)
    {
        foreach (ref readonly var entry in entries)
        {
            if (entry.Slot == query.Me)
                continue;
            if (query.ByDistance && (from.ShownKmTo(entry.Place) is var km && (km < query.MinKm || km > query.MaxKm)))
                continue;
            InPlace++;
            OfAge += query.Birthdays.Contains(entry.Birthday) ? 1 : 0;
        }
    }

    // Whether a birth year alone decides, and whether it fits (judged by its middle if it doesn't decide).
    private readonly (bool Known, bool Fits) AgeOf(int year)
    {
        var birthdays = query.Birthdays;
        // The first and the last list also hold those born before and after.
        var first = year == AreaLists.FirstYear ? 1 : new DateOnly(year, 1, 1).DayNumber;
        var last = year == AreaLists.LastYear ? int.MaxValue : new DateOnly(year, 12, 31).DayNumber;
        if (birthdays.Contains(first) && birthdays.Contains(last))
            return (true, true);
        if (last < birthdays.First || first > birthdays.Last)
            return (true, false);
        return (false, birthdays.Contains(new DateOnly(year, 7, 1).DayNumber));
    }
}
