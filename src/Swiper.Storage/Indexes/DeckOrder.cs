using System.Buffers;
using Swiper.Core.Social;

namespace Swiper.Storage.Indexes;

/// <summary>
/// Orders the pool of a deck: the candidates by their score, and every fifth place by turns where there are more than can be shown.
/// </summary>
/// <param name="directory">The people.</param>
/// <param name="pointsOf">The points of the board of all time, by slot.</param>
internal sealed class DeckOrder(PeopleDirectory directory, Func<int, long> pointsOf)
{
    // A key of the sort has the score, then the draw, then the place in the pool, which has that many bits.
    private const int PlaceBits = 12;
    private const int DrawBits = 32;

    /// <summary>Puts those to show first, in their order; returns how many there are.</summary>
    /// <param name="query">What the pool was searched for.</param>
    /// <param name="asker">Whose deck it is, and of which day.</param>
    /// <param name="pool">Those found; they are overwritten.</param>
    /// <param name="deck">Has room for those to show.</param>
    /// <param name="filter">Whom not to show.</param>
    public int Fill<TFilter>(in CandidateQuery query, in DeckAsker asker, Span<Candidate> pool, Span<Placed> deck, TFilter filter)
        where TFilter : struct, ISlotFilter, allows ref struct
    {
        var keys = ArrayPool<long>.Shared.Rent(pool.Length);
        try
        {
            var order = keys.AsSpan(0, pool.Length);
            for (var i = 0; i < pool.Length; i++)
                order[i] = KeyOf(pool[i], asker, i);
            order.Sort();
            if (pool.Length <= deck.Length)
                return FillByScore(order, pool, deck);
            return FillWithTurns(query, asker, order, pool, deck, filter);
        }
        finally
        {
            ArrayPool<long>.Shared.Return(keys);
        }
    }

    /// <summary>The score of somebody who may be shown.</summary>
    public DeckScore ScoreOf(in Candidate candidate, in DeckAsker asker) => ScoreOf(candidate, asker, DrawOf(candidate.Slot, asker));

    private static int FillByScore(ReadOnlySpan<long> order, ReadOnlySpan<Candidate> pool, Span<Placed> deck)
    {
        for (var i = 0; i < order.Length; i++)
            deck[i] = new Placed(pool[PlaceOf(order[i])], IsTurn: false);
        return order.Length;
    }

    private int FillWithTurns<TFilter>(
        in CandidateQuery query, in DeckAsker asker, ReadOnlySpan<long> order, ReadOnlySpan<Candidate> pool, Span<Placed> deck,
        TFilter filter)
        where TFilter : struct, ISlotFilter, allows ref struct
    {
        var mostTurns = DeckRules.TurnsIn(deck.Length);
        Span<Candidate> turns = stackalloc Candidate[mostTurns];
        // Those who are among the best anyway need no turn; if there are fewer turns than places for them, the next best take those.
        var best = order[..(deck.Length - mostTurns)];
        var taken = TakeTurns(query, asker, best, order[best.Length..], pool, turns, filter);
        var (next, given) = (0, 0);
        for (var place = 0; place < deck.Length; place++)
        {
            if (given < taken && DeckRules.IsTurn(place))
            {
                deck[place] = new Placed(turns[given++], IsTurn: true);
                continue;
            }
            Candidate candidate;
            do
                candidate = pool[PlaceOf(order[next++])];
            while (Holds(turns[..taken], candidate.Slot));
            deck[place] = new Placed(candidate, IsTurn: false);
        }
        return deck.Length;
    }

    // First those who had their turn on this user's deck already, so that it stays as it is. The last place goes to somebody who still
    // waits even if more of them had a turn than there are places: a user who looks often and swipes nobody may be the only one who
    // searches for people like that. Of those who wait, the ones who have waited for longest.
    private int TakeTurns<TFilter>(
        in CandidateQuery query, in DeckAsker asker, ReadOnlySpan<long> best, ReadOnlySpan<long> others, ReadOnlySpan<Candidate> pool,
        Span<Candidate> turns, TFilter filter)
        where TFilter : struct, ISlotFilter, allows ref struct
    {
        if (turns.IsEmpty)
            return 0;
        Span<int> slots = stackalloc int[DeckTurns.MostHad + DeckTurns.MostWaiting];
        var (had, waiting) = directory.Turns.Gather(query, asker.Day.DayNumber, asker.Draw, slots);
        Span<Candidate> again = stackalloc Candidate[had];
        var againCount = 0;
        var from = new DistanceFrom(query.Place ?? default);
        foreach (var slot in slots[..had])
        {
            if (MayTakeTurn(slot, query, from, best, pool, filter, out var candidate))
                again[againCount++] = candidate;
        }
        again = again[..againCount];
        var kept = again[..Math.Min(again.Length, turns.Length - 1)];
        kept.CopyTo(turns);

        var found = new LongestWaiting(turns[kept.Length..], stackalloc uint[turns.Length - kept.Length]);
        foreach (var slot in slots.Slice(had, waiting))
        {
            if (MayTakeTurn(slot, query, from, best, pool, filter, out var candidate))
                found.Add(candidate, directory.Turns.WaitOf(slot));
        }
        // Whoever searches everywhere or by a text finds few of those who wait in the lists, which are by place, but may have some here.
        for (var i = 0; i < others.Length && !query.ByDistance; i++)
        {
            var candidate = pool[PlaceOf(others[i])];
            if (directory.Turns.IsWaiting(candidate.Slot) && !Holds(turns.Slice(kept.Length, found.Count), candidate.Slot))
                found.Add(candidate, directory.Turns.WaitOf(candidate.Slot));
        }

        var taken = kept.Length + found.Count;
        var left = again[kept.Length..];
        left = left[^Math.Min(left.Length, turns.Length - taken)..];
        left.CopyTo(turns[taken..]);
        return taken + left.Length;
    }

    private bool MayTakeTurn<TFilter>(
        int slot, in CandidateQuery query, in DistanceFrom from, ReadOnlySpan<long> best, ReadOnlySpan<Candidate> pool, TFilter filter,
        out Candidate candidate)
        where TFilter : struct, ISlotFilter, allows ref struct
    {
        var fits = query.Fits(directory.People[slot], from, out var km);
        candidate = new Candidate(slot, km);
        return fits && slot != query.Me && !filter.Drops(slot) && !Holds(best, pool, slot);
    }

    private static bool Holds(ReadOnlySpan<Candidate> candidates, int slot)
    {
        foreach (ref readonly var candidate in candidates)
        {
            if (candidate.Slot == slot)
                return true;
        }
        return false;
    }

    private static bool Holds(ReadOnlySpan<long> order, ReadOnlySpan<Candidate> pool, int slot)
    {
        foreach (var key in order)
        {
            if (pool[PlaceOf(key)].Slot == slot)
                return true;
        }
        return false;
    }

    private long KeyOf(in Candidate candidate, in DeckAsker asker, int place)
    {
        var draw = DrawOf(candidate.Slot, asker);
        var ahead = (long)(DeckScore.Most - ScoreOf(candidate, asker, draw).Sum);
        return (ahead << DrawBits | ~draw) << PlaceBits | (uint)place;
    }

    private DeckScore ScoreOf(in Candidate candidate, in DeckAsker asker, uint draw) => DeckScore.Of(
        pointsOf(candidate.Slot), directory.Activity.HoursAway(candidate.Slot, ActivityIndex.FirstHourOf(asker.Day)),
        candidate.Km < 0 ? null : candidate.Km, draw);

    private static int PlaceOf(long key) => (int)(key & (1 << PlaceBits) - 1);

    private uint DrawOf(int slot, in DeckAsker asker) => DeckScore.Draw(asker.Uid, directory.People.UidOf(slot), asker.Day);

    /// <summary>Of those added, as many as there is room for of those who have waited for longest, these first.</summary>
    private ref struct LongestWaiting(Span<Candidate> candidates, Span<uint> waits)
    {
        private readonly Span<Candidate> _candidates = candidates;
        private readonly Span<uint> _waits = waits;

        public int Count { get; private set; }

        public void Add(Candidate candidate, uint wait)
        {
            if (Count == _candidates.Length && _waits[Count - 1] <= wait)
                return;
            var at = Count == _candidates.Length ? Count - 1 : Count++;
            for (; at > 0 && _waits[at - 1] > wait; at--)
                (_candidates[at], _waits[at]) = (_candidates[at - 1], _waits[at - 1]);
            (_candidates[at], _waits[at]) = (candidate, wait);
        }
    }
}

/// <summary>Whose deck it is, of which day, and which of those who wait for a turn it looks at: from DeckTurns.NextDraw.</summary>
internal readonly record struct DeckAsker(long Uid, DateOnly Day, uint Draw);

/// <summary>Somebody on a deck, and whether the place goes by turns.</summary>
internal readonly record struct Placed(Candidate Candidate, bool IsTurn);
