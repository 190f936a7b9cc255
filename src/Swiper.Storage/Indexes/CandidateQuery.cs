using Swiper.Core.Accounts;
using Swiper.Core.Social;

namespace Swiper.Storage.Indexes;

/// <summary>
/// Whom a deck is for and whom it asks for. With a <see cref="DatingLocation"/>: people whose location text is that one, at any
/// distance; else with a <see cref="Place"/>: people whose shown distance is within both kilometres; else people anywhere.
/// </summary>
internal readonly record struct CandidateQuery
{
    public CandidateQuery()
    {
    }

    /// <summary>The slot of the one who asks, who is never found.</summary>
    public required int Me { get; init; }
    public required Sex Sex { get; init; }
    public required BirthdayRange Birthdays { get; init; }
    /// <summary>Where the one who asks is, exactly.</summary>
    public GeoPoint? Place { get; init; }
    public int MinKm { get; init; }
    public int MaxKm { get; init; }
    /// <summary>A number of <see cref="LocationTexts"/>, <see cref="LocationTexts.Unknown"/> included, which finds nobody.</summary>
    public int DatingLocation { get; init; }
    /// <summary>Chooses where lists are entered, together with <see cref="Me"/>: other numbers show other people first.</summary>
    public ulong Seed { get; init; }
    /// <summary>Candidates that may be examined, besides those the filter drops; entering an area costs as much as a candidate.</summary>
    public int WorkBudget { get; init; } = 20_000;
    /// <summary>
    /// What may be examined in search of nearer people once there are enough, those the filter drops and areas included. In a town that is
    /// a sample of a cell, of whom the nearest thirty are a kilometre or two away; elsewhere it is everybody near enough to matter.
    /// </summary>
    public int NearerBudget { get; init; } = 2_000;

    /// <summary>The distance decides, rather than a location text or nothing.</summary>
    public bool ByDistance => DatingLocation == LocationTexts.None && Place is not null;
}

/// <summary>
/// One for the deck; <paramref name="Km"/> is whole kilometres rounded up, at least 1, or -1 where either place is unknown.
/// </summary>
internal readonly record struct Candidate(int Slot, int Km);

/// <summary>
/// What a search came to. <paramref name="OutOfBudget"/>: there may be more to find. <paramref name="Exclusions"/> are given when
/// <paramref name="Found"/> is 0: how many of all others who can be shown each filter removed. Not
/// <paramref name="Exact"/>: the budget was spent, and from there on areas at the edge of the distance and birth years at the edge
/// of the age were counted whole, in or out.
/// </summary>
internal readonly record struct CandidateSearch(
    int Found, int Examined, int Dropped, bool OutOfBudget, DeckExclusions? Exclusions = null, bool Exact = true);
