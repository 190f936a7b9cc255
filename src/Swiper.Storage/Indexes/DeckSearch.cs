using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Swiper.Core.Accounts;
using Swiper.Core.Social;

namespace Swiper.Storage.Indexes;

/// <summary>
/// Builds decks from the people in memory: superlikers first, then people who match the profile, nearest first. A superlike overrides
/// distance and age, never sex.
/// </summary>
internal sealed class DeckSearch(PeopleDirectory directory) : IDisposable
{
    // A search takes tens of microseconds, sometimes a millisecond: too long for a connection's loop. At most one per processor runs at a
    // time, so that many decks don't starve the thread pool.
    private readonly SemaphoreSlim _searches = new(Environment.ProcessorCount);

    /// <param name="profile">The asker's profile, with their preferences.</param>
    /// <param name="count">The most people returned.</param>
    /// <param name="today">The day for which ages are computed.</param>
    /// <param name="historyOf">
    /// Returns the user's history from the user's slot, the wanted sex and the most superlikers to show; called when the search begins.
    /// </param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<DeckDraw> DrawAsync(Profile profile, int count, DateOnly today, Func<int, Sex, int, DeckHistory> historyOf)
    {
        // Hop to the thread pool only once: a semaphore resumes its waiters there anyway.
        await _searches.WaitAsync().ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            return Draw(profile, count, today, historyOf);
        }
        finally
        {
            _searches.Release();
        }
    }

    public void Dispose() => _searches.Dispose();

    private DeckDraw Draw(Profile profile, int count, DateOnly today, Func<int, Sex, int, DeckHistory> historyOf)
    {
        if (!directory.People.TryGetSlot(profile.Uid, out var me))
            return new DeckDraw([], default);

        using var history = historyOf(me, profile.DatingSex, count);
        var apart = directory.Blocks.ApartFrom(profile.Uid);
        var superlikers = Meeting(history.Superlikers, apart);
        superlikers = superlikers[..Math.Min(count, superlikers.Length)];
        var people = new List<DeckCandidate>(count);
        AddSuperlikers(people, profile, superlikers);
        if (people.Count == count)
            return new DeckDraw(people, default);

        var candidates = new Candidate[count - people.Count];
        var unseen = new Unseen(history.Swiped, superlikers, directory.People, apart);
        var search = directory.Candidates.Find(Query(profile, me, today), candidates, unseen);
        foreach (var candidate in candidates.AsSpan(0, search.Found))
            people.Add(
                new DeckCandidate(directory.People.UidOf(candidate.Slot), candidate.Km < 0 ? null : candidate.Km, SuperlikedMe: false));
        return new DeckDraw(people, people.Count == 0 ? search.Exclusions ?? default : default);
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

    private void AddSuperlikers(List<DeckCandidate> people, Profile profile, ReadOnlySpan<int> superlikers)
    {
        var from = PointOf(profile) is { } point ? new DistanceFrom(point) : (DistanceFrom?)null;
        foreach (var slot in superlikers)
        {
            var place = directory.People[slot].Place;
            int? km = from is { } known && !place.IsNone ? known.ShownKmTo(place) : null;
            people.Add(new DeckCandidate(directory.People.UidOf(slot), km, SuperlikedMe: true));
        }
    }

    private static GeoPoint? PointOf(Profile profile) => profile.Place is { } place ? new GeoPoint(place.Lat, place.Lon) : null;

    private ReadOnlySpan<int> Meeting(ReadOnlySpan<int> slots, ImmutableHashSet<long>? apart) => apart is null
        ? slots
        : slots.ToArray().Where(slot => !apart.Contains(directory.People.UidOf(slot))).ToArray();

    private readonly ref struct Unseen(
        SwipedSet swiped, ReadOnlySpan<int> superlikers, PeopleIndex people, ImmutableHashSet<long>? apart) : ISlotFilter
    {
        private readonly SwipedSet _swiped = swiped;
        private readonly ReadOnlySpan<int> _superlikers = superlikers;

        public bool Drops(int slot) =>
            _swiped.Drops(slot) || _superlikers.Contains(slot) || (apart is not null && apart.Contains(people.UidOf(slot)));
    }
}
