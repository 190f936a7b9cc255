using System.Buffers;
using Swiper.Core.Accounts;
using Swiper.Core.Social;
using Swiper.Storage.Embedded.Indexes;
using Swiper.Storage.Indexes;

namespace Swiper.Storage.Embedded.Social;

/// <summary>Decks of the embedded engine, from memory.</summary>
internal sealed class EmbeddedDeckRepository(EmbeddedEngine engine) : IDeckRepository, IDisposable
{
    // A search takes tens of microseconds, sometimes a millisecond: too long for a connection's loop. Not more of them at once than
    // there are processors, so that many decks don't hold up what else the thread pool does.
    private readonly SemaphoreSlim _searches = new(Environment.ProcessorCount);

    public async ValueTask<DeckDraw> DrawAsync(Profile profile, int count, DateOnly today)
    {
        await _searches.WaitAsync().ConfigureAwait(false);
        try
        {
            return await Task.Run(() => Draw(profile, count, today)).ConfigureAwait(false);
        }
        finally
        {
            _searches.Release();
        }
    }

    public void Dispose() => _searches.Dispose();

    private DeckDraw Draw(Profile profile, int count, DateOnly today)
    {
        if (!engine.People.TryGetSlot(profile.Uid, out var me))
            return new DeckDraw([], default);

        var shard = engine.ShardOf(profile.Uid);
        var superlikers = new Liker[count];
        int superlikerCount;
        int[] swiped;
        int places;
        lock (shard.Gate)
        {
            var set = shard.Swiped.Of(me);
            superlikerCount = shard.Likers.CopySuperlikersTo(me, LikerOrder.OldestFirst, 0, superlikers, set);
            // A copy, because a search is too long to hold up the shard's lane.
            places = set.Places;
            swiped = ArrayPool<int>.Shared.Rent(Math.Max(1, places));
            set.CopyTo(swiped);
        }
        try
        {
            var people = new List<DeckCandidate>(count);
            var shown = superlikers.AsSpan(0, superlikerCount);
            AddSuperlikers(people, profile, shown);
            if (people.Count == count)
                return new DeckDraw(people, default);

            var candidates = new Candidate[count - people.Count];
            var filter = new Unseen(new SwipedSet(swiped.AsSpan(0, places)), shown);
            var search = engine.Candidates.Find(Query(profile, me, today), candidates, filter);
            foreach (var candidate in candidates.AsSpan(0, search.Found))
                people.Add(new DeckCandidate(engine.People.UidOf(candidate.Slot), candidate.Km < 0 ? null : candidate.Km, SuperlikedMe: false));
            return new DeckDraw(people, people.Count == 0 ? search.Exclusions ?? default : default);
        }
        finally
        {
            ArrayPool<int>.Shared.Return(swiped);
        }
    }

    private CandidateQuery Query(Profile profile, int me, DateOnly today) => new()
    {
        Me = me,
        Sex = profile.DatingSex,
        Birthdays = BirthdayRange.OfAges(profile.MinAge, profile.MaxAge, today),
        Place = PointOf(profile),
        MinKm = profile.MinDistance,
        MaxKm = profile.MaxDistance,
        DatingLocation = profile.DatingLocation.Length == 0 ? LocationTexts.None : engine.People.Locations.Find(profile.DatingLocation),
        // Another start each day, the same within it: asking again must not reshuffle what is on the screen.
        Seed = (ulong)today.DayNumber,
    };

    private void AddSuperlikers(List<DeckCandidate> people, Profile profile, ReadOnlySpan<Liker> superlikers)
    {
        var from = PointOf(profile) is { } point ? new DistanceFrom(point) : (DistanceFrom?)null;
        foreach (var superliker in superlikers)
        {
            var place = engine.People[superliker.Slot].Place;
            int? km = from is { } known && !place.IsNone ? known.ShownKmTo(place) : null;
            people.Add(new DeckCandidate(engine.People.UidOf(superliker.Slot), km, SuperlikedMe: true));
        }
    }

    private static GeoPoint? PointOf(Profile profile) => profile.Place is { } place ? new GeoPoint(place.Lat, place.Lon) : null;

    private readonly ref struct Unseen(SwipedSet swiped, ReadOnlySpan<Liker> superlikers) : ISlotFilter
    {
        private readonly SwipedSet _swiped = swiped;
        private readonly ReadOnlySpan<Liker> _superlikers = superlikers;

        public bool Drops(int slot)
        {
            if (_swiped.Drops(slot))
                return true;
            foreach (var superliker in _superlikers)
            {
                if (superliker.Slot == slot)
                    return true;
            }
            return false;
        }
    }
}
