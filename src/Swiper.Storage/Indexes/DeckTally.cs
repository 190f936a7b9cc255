namespace Swiper.Storage.Indexes;

/// <summary>
/// Counts the people who match a query's place and age, by whole areas and birth years where possible, and never the asker.
/// </summary>
internal struct DeckTally(CandidateQuery query, DistanceFrom from, AreaLists lists)
{
    // That of the asker, or 0.
    private readonly int _myList = lists.TryFindPerson(query.Me, out var list, out _) ? list : 0;
    private int _work;

    public int InPlace { get; private set; }

    public int OfAge { get; private set; }

    /// <summary>False if some were counted by the middle of their area or year.</summary>
    public readonly bool Exact => _work <= query.WorkBudget;

    /// <summary>An area that lies entirely in the place.</summary>
    public void AddArea(int area) => Add(area, everyoneIn: true, middleIn: true);

    /// <summary>A cell that overlaps the requested distance.</summary>
    public void AddCell(int area, double middleKm)
    {
        // Displayed distances are at least 1 km, so a minimum of 1 excludes nobody.
        var fromKm = query.MinKm <= 1 ? double.NegativeInfinity : query.MinKm - 1;
        var everyoneIn = middleKm - NearbyAreas.ReachKm > fromKm && middleKm + NearbyAreas.ReachKm <= query.MaxKm;
        var middleIn = middleKm > fromKm && middleKm <= query.MaxKm;
        Add(area, everyoneIn, middleIn);
    }

    private void Add(int area, bool everyoneIn, bool middleIn)
    {
        _work++;
        foreach (ref readonly var row in lists.RowsOf(area))
        {
            var count = lists.CountIn(row.List);
            var (ageKnown, ageFits) = AgeOf(row.Year);
            if (everyoneIn && ageKnown || (_work += count) > query.WorkBudget)
                AddWhole(row.List == _myList ? count - 1 : count, middleIn, ageFits);
            else
                AddEach(lists.EntriesOf(row.List));
        }
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
