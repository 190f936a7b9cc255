using System.Collections.Concurrent;
using Swiper.Core.Accounts;
using Swiper.Core.Social;

namespace Swiper.Storage.Indexes;

/// <summary>
/// Finds people for a deck without scanning everybody. Each person is in up to three sets of lists: by cell of 0.1 degree (if they have a
/// place), by location text (if they have one), and everybody together; a query decides which set is searched. Thread-safe: searches run
/// concurrently and allocate nothing. A change does not wait for them, because a shard's lane makes it: it is made at once if no search
/// runs, else before the next one begins. Filters may take a lock under which nobody searches or changes people.
/// </summary>
internal sealed class CandidateIndex : IDisposable
{
    private const int Everywhere = 0;

    private readonly ReaderWriterLockSlim _lock = new(LockRecursionPolicy.NoRecursion);
    private readonly AreaLists _cells = new(areCells: true);
    private readonly AreaLists _locations = new();
    private readonly AreaLists _everyone = new();
    // In the order in which they are to be made; taken under the write lock.
    private readonly ConcurrentQueue<(int Slot, Person Person)> _changes = new();

    /// <summary>The number of people who can be found, of both sexes.</summary>
    public int Count
    {
        get
        {
            EnterSearch();
            try
            {
                return CountOf(Sex.Female) + CountOf(Sex.Male);
            }
            finally
            {
                _lock.ExitReadLock();
            }
        }
    }

    /// <summary>What changes of places and location texts must not make grow: the areas that searches may visit, and all bytes.</summary>
    public (int Areas, long Bytes) Size
    {
        get
        {
            _lock.EnterReadLock();
            try
            {
                return (_cells.AreaCount + _locations.AreaCount, _cells.Bytes + _locations.Bytes + _everyone.Bytes);
            }
            finally
            {
                _lock.ExitReadLock();
            }
        }
    }

    /// <summary>Adds or updates a person; one who can't be shown is not found.</summary>
    public void Put(int slot, in Person person)
    {
        _changes.Enqueue((slot, person));
        // If it can't be had, a search runs, and the next one makes the change.
        if (_lock.TryEnterWriteLock(TimeSpan.Zero))
            MakeChanges();
    }

    /// <summary>Removes a person.</summary>
    public void Remove(int slot) => Put(slot, default);

    /// <summary>
    /// Fills the span with the nearest people who fit and whom the filter doesn't drop, in no order; those at an unknown distance are the
    /// farthest. If examining everybody would cost too much, they are the nearest of <see cref="CandidateQuery.NearerBudget"/>.
    /// </summary>
    public CandidateSearch Find<TFilter>(in CandidateQuery query, Span<Candidate> into, TFilter filter)
        where TFilter : struct, ISlotFilter, allows ref struct
    {
        var from = new DistanceFrom(query.Place ?? default);
        var walk = new CandidateWalk<TFilter>(query, from, into, filter);
        var passed = 0;
        EnterSearch();
        try
        {
            if (query.ByDistance)
            {
                using var nearby = new NearbyAreas(_cells, query.Sex, from, query.MinKm, query.MaxKm);
                while (walk.Wants(nearby.NearestLeftKm) && nearby.MoveNext())
                {
                    if (nearby.HasCurrent)
                        walk.Visit(_cells, nearby.Current);
                }
                passed = nearby.Passed;
            }
            else if (TryFindArea(query, out var lists, out var area) && walk.Wants(nearestKm: 1))
            {
                walk.Visit(lists, area);
            }
            var search = new CandidateSearch(walk.Found, walk.Examined, walk.Dropped, walk.OutOfBudget, passed);
            return walk.Found > 0 && !query.Explain ? search : Explain(search, query, from);
        }
        finally
        {
            _lock.ExitReadLock();
        }
    }

    public void Dispose() => _lock.Dispose();

    private void EnterSearch()
    {
        if (!_changes.IsEmpty)
        {
            _lock.EnterWriteLock();
            MakeChanges();
        }
        _lock.EnterReadLock();
    }

    // Under the write lock, which it leaves.
    private void MakeChanges()
    {
        try
        {
            // Only what is queued now, however fast people move.
            for (var left = _changes.Count; left > 0 && _changes.TryDequeue(out var change); left--)
                Make(change.Slot, change.Person);
        }
        finally
        {
            _lock.ExitWriteLock();
        }
    }

    private void Make(int slot, in Person person)
    {
        var entry = new Listed(slot, person.Birthday, person.Place);
        if (person.CanBeShown)
            _everyone.Put(entry, person.Sex, Everywhere);
        else
            _everyone.Remove(slot);
        if (person.CanBeShown && !person.Place.IsNone)
            _cells.Put(entry, person.Sex, person.Place.Cell);
        else
            _cells.Remove(slot);
        if (person.CanBeShown && person.Location != LocationTexts.None)
            _locations.Put(entry, person.Sex, person.Location);
        else
            _locations.Remove(slot);
    }

    private bool TryFindArea(in CandidateQuery query, out AreaLists lists, out int area)
    {
        var byLocation = query.DatingLocation != LocationTexts.None;
        lists = byLocation ? _locations : _everyone;
        return lists.TryFind(query.Sex, byLocation ? query.DatingLocation : Everywhere, out area);
    }

    private CandidateSearch Explain(in CandidateSearch search, in CandidateQuery query, in DistanceFrom from)
    {
        DeckTally tally;
        var passed = search.Passed;
        if (query.ByDistance)
        {
            tally = new DeckTally(query, from, _cells);
            using var nearby = new NearbyAreas(_cells, query.Sex, from, query.MinKm, query.MaxKm);
            while (tally.Exact && nearby.MoveNext())
            {
                if (nearby.HasCurrent)
                    tally.AddCell(nearby.Current, nearby.CurrentKm);
            }
            if (!tally.Exact)
                tally.AddUnseen(nearby.CountLeft(tally.BeyondKm, query.MaxKm, cells: query.WorkBudget));
            passed += nearby.Passed;
            if (_everyone.TryFind(query.Sex, Everywhere, out var everyone))
                tally.EndUnseen(_everyone, everyone);
        }
        else
        {
            var isThere = TryFindArea(query, out var lists, out var area);
            tally = new DeckTally(query, from, lists);
            if (isThere)
                tally.AddArea(area);
        }
        var ofSex = CountOthers(query.Sex, query.Me);
        var ofOther = CountOthers(query.Sex == Sex.Female ? Sex.Male : Sex.Female, query.Me);
        return search with
        {
            Exclusions = new DeckExclusions(ofOther, Math.Max(0, ofSex - tally.InPlace), tally.InPlace - tally.OfAge, tally.OfAge),
            Exact = tally.Exact && !search.OutOfBudget,
            Tallied = tally.Work,
            Passed = passed,
        };
    }

    private int CountOthers(Sex sex, int me) => CountOf(sex) - (_everyone.TryFindPerson(me, out _, out var mine) && mine == sex ? 1 : 0);

    private int CountOf(Sex sex) => _everyone.TryFind(sex, Everywhere, out var area) ? _everyone[area].Count : 0;
}
