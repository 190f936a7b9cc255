using System.Buffers;
using Swiper.Core.Social;

namespace Swiper.Storage.Indexes;

/// <summary>
/// The user's history for a deck: whom the user has swiped, and who superliked the user. A copy, because a search takes too long to block
/// writers, unless the user has swiped very many; disposed by the search.
/// </summary>
internal sealed class DeckHistory : IDisposable
{
    /// <summary>A set of at most so many places is copied: 32 KB, which takes about a microsecond.</summary>
    public const int MostPlaces = 8_192;

    // The copy, a rented int[], or IManySwipes.
    private readonly object _swiped;
    private readonly int _places;
    private readonly int[] _superlikers;

    private DeckHistory(object swiped, int places, int[] superlikers) => (_swiped, _places, _superlikers) = (swiped, places, superlikers);

    /// <summary>The copy; empty if there are <see cref="Many"/>.</summary>
    public SwipedSet Swiped => _swiped is int[] copy ? new SwipedSet(copy.AsSpan(0, _places)) : default;

    /// <summary>Instead of a copy; null for most users.</summary>
    public IManySwipes? Many => _swiped as IManySwipes;

    /// <summary>Slots of people who can be shown to the user and whom the user has not swiped, in the order to show them.</summary>
    public ReadOnlySpan<int> Superlikers => _superlikers;

    /// <summary>Of a set small enough to be copied.</summary>
    public static DeckHistory Of(SwipedSet swiped, int[] superlikers)
    {
        var copy = ArrayPool<int>.Shared.Rent(Math.Max(1, swiped.Places));
        swiped.CopyTo(copy);
        return new DeckHistory(copy, swiped.Places, superlikers);
    }

    /// <param name="swiped">Slots in any order.</param>
    /// <param name="superlikers">Slots in the order to show them.</param>
    public static DeckHistory Of(ReadOnlySpan<int> swiped, int[] superlikers)
    {
        var places = SwipedSet.PlacesFor(swiped.Length);
        var copy = ArrayPool<int>.Shared.Rent(Math.Max(1, places));
        var set = new SwipedSet(copy.AsSpan(0, places));
        copy.AsSpan(0, places).Clear();
        foreach (var slot in swiped)
        {
            // The kind of swipe doesn't matter to a deck.
            if (!set.Drops(slot))
                set.Insert(SwipedSet.Pack(slot, SwipeKind.Dislike));
        }
        return new DeckHistory(copy, places, superlikers);
    }

    /// <inheritdoc cref="Of(ReadOnlySpan{int}, int[])"/>
    public static DeckHistory Of(IManySwipes swiped, int[] superlikers) => new(swiped, places: 0, superlikers);

    /// <summary>Whether the user has swiped somebody, as far as is known.</summary>
    public bool Drops(int slot) => Swiped.Drops(slot) || (Many is { } many && many.Drops(slot));

    public void Dispose()
    {
        if (_swiped is int[] copy)
            ArrayPool<int>.Shared.Return(copy);
    }
}
