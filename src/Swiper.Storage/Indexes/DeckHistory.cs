using System.Buffers;
using Swiper.Core.Social;

namespace Swiper.Storage.Indexes;

/// <summary>
/// The user's history for a deck: whom the user has swiped, and who superliked the user. A copy, because a search takes too long to block
/// writers; disposed by the search.
/// </summary>
internal sealed class DeckHistory : IDisposable
{
    private readonly int[] _swiped;
    private readonly int _places;
    private readonly int[] _superlikers;

    private DeckHistory(int places, int[] superlikers)
    {
        _swiped = ArrayPool<int>.Shared.Rent(Math.Max(1, places));
        _places = places;
        _superlikers = superlikers;
    }

    public SwipedSet Swiped => new(_swiped.AsSpan(0, _places));

    /// <summary>Slots of people who can be shown to the user and whom the user has not swiped, in the order to show them.</summary>
    public ReadOnlySpan<int> Superlikers => _superlikers;

    public static DeckHistory Of(SwipedSet swiped, int[] superlikers)
    {
        var history = new DeckHistory(swiped.Places, superlikers);
        swiped.CopyTo(history._swiped);
        return history;
    }

    /// <param name="swiped">Slots in any order.</param>
    /// <param name="superlikers">Slots in the order to show them.</param>
    public static DeckHistory Of(ReadOnlySpan<int> swiped, int[] superlikers)
    {
        var history = new DeckHistory(SwipedSet.PlacesFor(swiped.Length), superlikers);
        var set = history.Swiped;
        history._swiped.AsSpan(0, history._places).Clear();
        foreach (var slot in swiped)
        {
            // The kind of swipe doesn't matter to a deck.
            if (!set.Drops(slot))
                set.Insert(SwipedSet.Pack(slot, SwipeKind.Dislike));
        }
        return history;
    }

    public void Dispose() => ArrayPool<int>.Shared.Return(_swiped);
}
