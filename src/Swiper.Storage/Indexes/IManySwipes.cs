namespace Swiper.Storage.Indexes;

/// <summary>
/// Whom somebody has swiped who has swiped very many: looked up one by one, because a copy of them would cost a deck more with each swipe.
/// Used by one search at a time.
/// </summary>
internal interface IManySwipes
{
    /// <summary>How many they are, roughly.</summary>
    int Count { get; }

    /// <summary>
    /// How many candidates to look for at a time where it isn't known whether they were swiped; 0 where it always is.
    /// </summary>
    int LookAhead { get; }

    /// <summary>
    /// Of <see cref="DeckTurns.NextDraw"/>, where one deck is searched several times; null where it takes one of its own.
    /// </summary>
    uint? Draw { get; }

    /// <summary>Whether the user has swiped somebody, as far as is known.</summary>
    bool Drops(int slot);

    /// <summary>
    /// Whether it is known if the user has swiped somebody whom the deck might show. If not, they are asked for and the deck is searched
    /// again, unless none of them is needed.
    /// </summary>
    bool Knows(int slot, bool isNeeded);

    /// <summary>Copies some of those swiped, whichever; returns how many.</summary>
    int CopySome(Span<int> slots);
}
