using Swiper.Core.Accounts;
using Swiper.Core.Social;

namespace Swiper.Storage.Indexes;

/// <summary>
/// Who asks for a deck and what for. With a <see cref="DatingLocation"/>: people with that location text, at any distance; else with a
/// <see cref="Place"/>: people whose displayed distance is within the range; else people anywhere.
/// </summary>
internal readonly record struct CandidateQuery
{
    /// <summary>The work of entering an area, in candidates.</summary>
    public const int AreaCost = 4;

    public CandidateQuery()
    {
    }

    /// <summary>The slot of the asker, who is never found.</summary>
    public required int Me { get; init; }
    public required Sex Sex { get; init; }
    public required BirthdayRange Birthdays { get; init; }
    /// <summary>The exact place of the asker.</summary>
    public GeoPoint? Place { get; init; }
    public int MinKm { get; init; }
    public int MaxKm { get; init; }
    /// <summary>A number of <see cref="LocationTexts"/>, <see cref="LocationTexts.Unknown"/> included, which finds nobody.</summary>
    public int DatingLocation { get; init; }
    /// <summary>Determines, together with <see cref="Me"/>, where lists are entered: other numbers show other people first.</summary>
    public ulong Seed { get; init; }
    /// <summary>
    /// The most candidates examined, not counting those the filter drops; entering an area costs as much as <see cref="AreaCost"/>
    /// candidates. An explanation may cost as much again.
    /// </summary>
    public int WorkBudget { get; init; } = 20_000;
    /// <summary>
    /// The most candidates that the filter drops before the search ends. Ten times the others, because each costs little and those who
    /// swipe most must get past all whom they have swiped.
    /// </summary>
    public int DroppedBudget { get; init; } = 200_000;
    /// <summary>
    /// The most candidates examined in search of nearer people once enough are found, including dropped ones and areas. In a town that is
    /// a sample of a cell; elsewhere it is everybody near enough to matter.
    /// </summary>
    public int NearerBudget { get; init; } = 1_000;

    /// <summary>Whether to count whom each filter removed even if somebody is found.</summary>
    public bool Explain { get; init; }

    /// <summary>Whether the search is by distance.</summary>
    public bool ByDistance => DatingLocation == LocationTexts.None && Place is not null;

    /// <summary>
    /// Whether somebody is of the sex, place and age, and how far from the place of the asker: as <see cref="Candidate"/> has it.
    /// </summary>
    public bool Fits(in Person person, in DistanceFrom from, out int km)
    {
        km = -1;
        if (!person.CanBeShownTo(Sex) || !Birthdays.Contains(person.Birthday))
            return false;
        if (Place is not null && !person.Place.IsNone)
            km = from.ShownKmTo(person.Place);
        return ByDistance ? km >= MinKm && km <= MaxKm && km > 0
            : DatingLocation == LocationTexts.None || person.Location == DatingLocation;
    }
}

/// <summary>
/// A candidate for the deck; <paramref name="Km"/> is whole kilometres rounded up, at least 1, or -1 if either place is unknown.
/// </summary>
internal readonly record struct Candidate(int Slot, int Km);

/// <summary>
/// The result of a search. <paramref name="OutOfBudget"/>: there may be more to find. <paramref name="Exclusions"/> are given when
/// <paramref name="Found"/> is 0 or the query asks for them: how many of all others who can be shown each filter removed, with all who
/// are of the sex, place and age counted as seen. Not <paramref name="Exact"/>: the budget
/// was spent, and from there on areas at the edge of the distance and birth years at the edge of the age were counted as a whole, in or
/// out. <paramref name="Passed"/>: the cells, and blocks of cells, passed on the way to those that were visited.
/// <paramref name="Tallied"/>: the areas, birth years and people looked at for the exclusions.
/// </summary>
internal readonly record struct CandidateSearch(
    int Found, int Examined, int Dropped, bool OutOfBudget, int Passed, DeckExclusions? Exclusions = null, bool Exact = true,
    int Tallied = 0);
