using Swiper.Storage.Indexes;

namespace Swiper.Storage.Cluster.Social;

/// <summary>
/// The swipes of somebody who has made very many, as far as they matter to one deck: those whom it would show are asked for, and the deck
/// is searched again until they are known. When it has asked for <see cref="Most"/>, it shows no others than those who are known.
/// </summary>
/// <param name="count">How many they are.</param>
/// <param name="some">Some of them.</param>
/// <param name="draw">Of the turns of this deck.</param>
/// <param name="swiped">Those known so far to be swiped; more are added.</param>
internal sealed class AskedSwipes(int count, int[] some, uint draw, HashSet<int> swiped) : IManySwipes
{
    /// <summary>The most people whom one deck asks for.</summary>
    public const int Most = 20_000;

    /// <summary>The most whom it asks for at a time.</summary>
    public const int MostAtOnce = 2_000;

    private const int FirstLookAhead = 120;
    private const int LookAheadGrowth = 4;
    // Leaves room for those whose turn it may be.
    private const int MostLookAhead = MostAtOnce - DeckTurns.MostHad - DeckTurns.MostWaiting;
    // Those that it takes to ask for the most, and some to spare: people who move must not keep a deck busy.
    private const int MostRounds = 20;

    private readonly HashSet<int> _unswiped = [];
    private readonly HashSet<int> _wanted = [];
    private bool _isNeeded;
    private int _rounds;

    public int Count => count;

    public int LookAhead { get; private set; } = FirstLookAhead;

    public uint? Draw => draw;

    /// <summary>How many were asked for.</summary>
    public int Asked { get; private set; }

    /// <summary>Whether all whom the last search found were known.</summary>
    public bool IsComplete { get; private set; }

    private bool IsOver => Asked >= Most || _rounds >= MostRounds;

    public bool Drops(int slot) => IsOver ? !_unswiped.Contains(slot) : swiped.Contains(slot);

    public bool Knows(int slot, bool isNeeded)
    {
        if (IsOver || _unswiped.Contains(slot) || swiped.Contains(slot))
            return true;
        _isNeeded |= isNeeded;
        if (_wanted.Count < Math.Min(MostAtOnce, Most - Asked))
            _wanted.Add(slot);
        return false;
    }

    public int CopySome(Span<int> slots)
    {
        some.AsSpan(0, Math.Min(some.Length, slots.Length)).CopyTo(slots);
        return Math.Min(some.Length, slots.Length);
    }

    /// <summary>After a search: those who must be known before the deck can be shown; nobody if it can.</summary>
    public int[] TakeWanted()
    {
        IsComplete = !_isNeeded;
        int[] wanted = _isNeeded ? [.. _wanted] : [];
        _isNeeded = false;
        _wanted.Clear();
        return wanted;
    }

    public void Learn(ReadOnlySpan<int> asked, ReadOnlySpan<bool> haveBeenSwiped)
    {
        Asked += asked.Length;
        _rounds++;
        LookAhead = Math.Min(LookAhead * LookAheadGrowth, MostLookAhead);
        for (var i = 0; i < asked.Length; i++)
            (haveBeenSwiped[i] ? swiped : _unswiped).Add(asked[i]);
    }
}
