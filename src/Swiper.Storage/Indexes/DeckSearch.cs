using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Swiper.Core.Accounts;
using Swiper.Core.Diagnostics;
using Swiper.Core.Social;

namespace Swiper.Storage.Indexes;

/// <summary>
/// Builds decks from the people in memory: superlikers first, then people who match the profile, in their <see cref="DeckOrder"/>. A
/// superlike overrides distance and age, never sex.
/// </summary>
/// <param name="directory">The people.</param>
/// <param name="pointsOf">The points of the board of all time, by slot.</param>
internal sealed class DeckSearch(PeopleDirectory directory, Func<int, long> pointsOf)
{
    // A search takes tens of microseconds, sometimes milliseconds: too long for a connection's loop. At most one per processor runs at a
    // time, so that many decks don't starve the thread pool.
    private readonly SearchTurns _turns = new(Environment.ProcessorCount);
    private readonly DeckOrder _order = new(directory, pointsOf);

    /// <param name="profile">The asker's profile, with their preferences.</param>
    /// <param name="count">The most people returned.</param>
    /// <param name="today">The day for which ages are computed.</param>
    /// <param name="why">Whether the deck is to explain itself.</param>
    /// <param name="historyOf">
    /// Returns the user's history from the user's slot, the wanted sex and the most superlikers to show; called when the search begins.
    /// </param>
    /// <param name="left">Cancelled when nobody waits for the deck any more: it is not searched if that is before its turn.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<DeckDraw> DrawAsync(
        Profile profile, int count, DateOnly today, bool why, Func<int, Sex, int, DeckHistory> historyOf,
        CancellationToken left = default)
    {
        // Hop to the thread pool only once: whoever waits is resumed there anyway.
        var turn = _turns.BeginAsync(profile.Uid, left);
        using (turn.IsCompleted ? null : Spans.Begin("turn"))
            await turn.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            return Draw(profile, count, today, why, historyOf);
        }
        finally
        {
            _turns.End(profile.Uid);
        }
    }

    /// <inheritdoc cref="IDeckRepository.Shown"/>
    public void Shown(long uid, DeckDraw draw, int count, DateOnly today)
    {
        if (!directory.People.TryGetSlot(uid, out var me))
            return;
        for (var i = 0; i < count; i++)
        {
            if (directory.People.TryGetSlot(draw.People[i].Uid, out var slot))
                directory.Turns.Shown(me, slot, today.DayNumber, draw.People[i].ByTurn);
        }
    }

    /// <inheritdoc cref="DrawAsync"/>
    /// <remarks>At once, on this thread.</remarks>
    public DeckDraw Draw(Profile profile, int count, DateOnly today, bool why, Func<int, Sex, int, DeckHistory> historyOf)
    {
        if (!directory.People.TryGetSlot(profile.Uid, out var me))
            return new DeckDraw([], default);

        using var history = historyOf(me, profile.DatingSex, count);
        var apart = directory.ApartFrom(profile.Uid);
        var superlikers = Meeting(history.Superlikers, apart);
        superlikers = superlikers[..Math.Min(count, superlikers.Length)];
        var query = Query(profile, me, today) with { Explain = why };
        var asker = new DeckAsker(profile.Uid, today, history.Many?.Draw ?? directory.Turns.NextDraw());
        var people = new List<DeckCandidate>(count);
        var whys = why ? new List<DeckWhy>(count) : null;
        AddSuperlikers(people, whys, query, asker, superlikers);
        if (people.Count == count && !why)
            return new DeckDraw(people, default);

        var search = AddOthers(people, whys, query, asker, count, new Unseen(history, superlikers, directory.People, apart));
        var exclusions = search.Exclusions.GetValueOrDefault();
        if (search.Found > 0 && why)
            exclusions = exclusions with { Seen = CountSeen(query, history, apart) };
        return new DeckDraw(people, people.Count == 0 || why ? exclusions : default, whys);
    }

    private CandidateSearch AddOthers(
        List<DeckCandidate> people, List<DeckWhy>? whys, in CandidateQuery query, in DeckAsker asker, int count, Unseen unseen)
    {
        var places = count - people.Count;
        var pool = ArrayPool<Candidate>.Shared.Rent(DeckRules.PoolFor(places));
        var deck = ArrayPool<Placed>.Shared.Rent(Math.Max(1, places));
        try
        {
            var search = directory.Candidates.Find(query, pool.AsSpan(0, DeckRules.PoolFor(places)), unseen);
            unseen.Expect(directory.Candidates, query, pool.AsSpan(0, search.Found));
            var filled = _order.Fill(query, asker, pool.AsSpan(0, search.Found), deck.AsSpan(0, places), unseen.ForCertain);
            foreach (var (candidate, isTurn) in deck.AsSpan(0, filled))
            {
                people.Add(new DeckCandidate(
                    directory.People.UidOf(candidate.Slot), candidate.Km < 0 ? null : candidate.Km, SuperlikedMe: false, isTurn));
                whys?.Add(DeckWhy.Of(_order.ScoreOf(candidate, asker), isTurn));
            }
            return search;
        }
        finally
        {
            ArrayPool<Candidate>.Shared.Return(pool);
            ArrayPool<Placed>.Shared.Return(deck);
        }
    }

    // Of those whom the user has swiped or must not meet, the ones that the query would find. Of very many, some stand for all.
    private int CountSeen(in CandidateQuery query, DeckHistory history, ImmutableHashSet<long>? apart)
    {
        var from = new DistanceFrom(query.Place ?? default);
        var slots = ArrayPool<int>.Shared.Rent(DeckHistory.MostPlaces);
        int seen;
        try
        {
            var counted = history.Many is { } many ? many.CopySome(slots) : history.Swiped.CopySome(slots);
            seen = 0;
            foreach (var slot in slots.AsSpan(0, counted))
                seen += query.Fits(directory.People[slot], from, out _) ? 1 : 0;
            if (history.Many?.Count > counted && counted > 0)
                seen = (int)((long)seen * history.Many.Count / counted);
        }
        finally
        {
            ArrayPool<int>.Shared.Return(slots);
        }
        foreach (var uid in apart ?? [])
        {
            if (directory.People.TryGetSlot(uid, out var slot) && !history.Drops(slot) && query.Fits(directory.People[slot], from, out _))
                seen++;
        }
        return seen;
    }

    private CandidateQuery Query(Profile profile, int me, DateOnly today) => new()
    {
        Me = me,
        Sex = profile.DatingSex,
        Birthdays = BirthdayRange.OfAges(profile.MinAge, profile.MaxAge, today),
        Place = PointOf(profile),
        MinKm = profile.MinDistance,
        MaxKm = profile.MaxDistance,
        DatingLocation = profile.DatingLocation.Length == 0 ? LocationTexts.None : directory.People.Locations.Find(profile.DatingLocation),
        // Seeded by the day: asking again on the same day must not reshuffle what is on the screen.
        Seed = (ulong)today.DayNumber,
    };

    private void AddSuperlikers(
        List<DeckCandidate> people, List<DeckWhy>? whys, in CandidateQuery query, in DeckAsker asker, ReadOnlySpan<int> superlikers)
    {
        var from = query.Place is { } point ? new DistanceFrom(point) : (DistanceFrom?)null;
        foreach (var slot in superlikers)
        {
            var place = directory.People[slot].Place;
            int? km = from is { } known && !place.IsNone ? known.ShownKmTo(place) : null;
            people.Add(new DeckCandidate(directory.People.UidOf(slot), km, SuperlikedMe: true));
            whys?.Add(DeckWhy.Of(_order.ScoreOf(new Candidate(slot, km ?? -1), asker), turn: false));
        }
    }

    private static GeoPoint? PointOf(Profile profile) => profile.Place is { } place ? new GeoPoint(place.Lat, place.Lon) : null;

    private ReadOnlySpan<int> Meeting(ReadOnlySpan<int> slots, ImmutableHashSet<long>? apart) => apart is null
        ? slots
        : slots.ToArray().Where(slot => !apart.Contains(directory.People.UidOf(slot))).ToArray();

    private readonly ref struct Unseen(
        DeckHistory history, ReadOnlySpan<int> superlikers, PeopleIndex people, ImmutableHashSet<long>? apart, bool isCertain = false)
        : ISlotFilter
    {
        private readonly SwipedSet _swiped = history.Swiped;
        private readonly IManySwipes? _many = history.Many;
        private readonly ReadOnlySpan<int> _superlikers = superlikers;

        /// <summary>Drops also those of whom it isn't known whether they were swiped, and has them asked for.</summary>
        public Unseen ForCertain => new(history, _superlikers, people, apart, isCertain: true);

        public bool Drops(int slot) =>
            _swiped.Drops(slot) || _superlikers.Contains(slot) || (apart is not null && apart.Contains(people.UidOf(slot)))
            || (_many is not null && (_many.Drops(slot) || (isCertain && !_many.Knows(slot, isNeeded: false))));

        /// <summary>
        /// Has those found asked for of whom it isn't known whether they were swiped, and then also those who would be found next.
        /// </summary>
        public void Expect(CandidateIndex candidates, in CandidateQuery query, ReadOnlySpan<Candidate> found)
        {
            if (_many is null || KnowsAll(found) || _many.LookAhead <= found.Length)
                return;
            var next = ArrayPool<Candidate>.Shared.Rent(_many.LookAhead);
            try
            {
                var search = candidates.Find(query with { Explain = false }, next.AsSpan(0, _many.LookAhead), this);
                KnowsAll(next.AsSpan(0, search.Found));
            }
            finally
            {
                ArrayPool<Candidate>.Shared.Return(next);
            }
        }

        private bool KnowsAll(ReadOnlySpan<Candidate> candidates)
        {
            var known = true;
            foreach (ref readonly var candidate in candidates)
                known &= _many!.Knows(candidate.Slot, isNeeded: true);
            return known;
        }
    }
}
