using System.Collections.Immutable;
using Swiper.Core.Accounts;
using Swiper.Storage.Caching;

namespace Swiper.Storage.Indexes;

/// <summary>
/// What a host keeps in memory of users: for everybody what decks need (<see cref="People"/>, <see cref="Candidates"/>), for recently
/// requested users the whole profile (<see cref="Profiles"/>). Decks show every profile as it was last cached.
/// </summary>
internal sealed class PeopleDirectory : IDisposable
{
    // Held while a person changes in both indexes, so that they stay consistent.
    private readonly Lock _changing = new();

    // Those whom decks do not show, known to this host or not yet.
    private readonly HashSet<long> _out = [];

    private readonly bool _knowsEverybody;

    /// <param name="profiles">Of the cache.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="knowsEverybody">No other host creates users.</param>
    public PeopleDirectory(ProfileCacheOptions profiles, TimeProvider clock, bool knowsEverybody)
    {
        Profiles = new ProfileCache(profiles, clock, Index);
        Turns = new DeckTurns(People);
        _knowsEverybody = knowsEverybody;
    }

    public PeopleIndex People { get; } = new();

    public CandidateIndex Candidates { get; } = new();

    public ActivityIndex Activity { get; } = new();

    public DeckTurns Turns { get; }

    public BlockIndex Blocks { get; } = new();

    /// <summary>Former friends of whom one has taken back the swipe: no swipe keeps the two apart any more.</summary>
    public BlockIndex FormerFriends { get; } = new();

    public ProfileCache Profiles { get; }

    /// <summary>False if certainly no user has this uid.</summary>
    public bool MayExist(long uid) => !_knowsEverybody || People.TryGetSlot(uid, out _);

    /// <summary>Those who must not meet the user, though neither may have swiped the other; null if there are none.</summary>
    public ImmutableHashSet<long>? ApartFrom(long uid) => (Blocks.ApartFrom(uid), FormerFriends.ApartFrom(uid)) switch
    {
        (null, var former) => former,
        (var blocked, null) => blocked,
        var (blocked, former) => blocked.Union(former),
    };

    /// <summary>Publishes a new or changed profile that has just been written, in the order of writing for each user.</summary>
    public void Show(CachedProfile profile) => Profiles.Put(profile);

    /// <summary>
    /// Adds a user as read from the truth, made for this call; a user who is known already is newer and stays unchanged.
    /// </summary>
    public void Load(long uid, in Person person) => Load([(uid, person)]);

    /// <inheritdoc cref="Load(long, in Person)"/>
    /// <remarks>Many at a time, because threads that load a million would wait for each other a million times.</remarks>
    public void Load(ReadOnlySpan<(long Uid, Person Person)> people)
    {
        lock (_changing)
        {
            foreach (var (uid, person) in people)
            {
                if (People.TryGetSlot(uid, out _))
                    People.Locations.Release(person.Location);
                else
                    Add(uid, person);
            }
        }
    }

    /// <summary>Adds or changes a user as read from the truth, made for this call.</summary>
    public void Put(long uid, in Person person)
    {
        lock (_changing)
        {
            if (!People.TryGetSlot(uid, out var slot))
            {
                Add(uid, person);
                return;
            }

            var before = People[slot];
            Change(slot, person with { IsOut = before.IsOut });
            // Last: nobody is listed under the old text any more. If it is the same text, it was counted once more.
            People.Locations.Release(before.Location);
        }
    }

    /// <summary>Takes a user out of decks, whatever becomes of the profile, or brings the user back.</summary>
    public void PutOut(long uid, bool isOut)
    {
        lock (_changing)
        {
            if ((isOut ? _out.Add(uid) : _out.Remove(uid)) && People.TryGetSlot(uid, out var slot))
                Change(slot, People[slot] with { IsOut = isOut });
        }
    }

    /// <summary>Loads and publishes a user who was created or changed elsewhere; supersedes any load that began before.</summary>
    /// <exception cref="Core.Dispatch.StoreUnavailableException">Decks still show the old profile.</exception>
    public async ValueTask RefreshAsync(long uid, Func<long, Task<CachedProfile?>> load)
    {
        Profiles.Drop(uid);
        await Profiles.FindOrLoadAsync(uid, load).ConfigureAwait(false);
    }

    public void Dispose() => Candidates.Dispose();

    private void Index(CachedProfile profile) => Put(profile.Profile.Uid, Person.Of(profile.Profile, People.Locations));

    private void Add(long uid, Person person)
    {
        person = person with { IsOut = _out.Contains(uid) };
        Candidates.Put(People.Add(uid, person), person);
    }

    private void Change(int slot, in Person person)
    {
        // A reloaded profile without a change must not block searches.
        if (People[slot] == person)
            return;
        People.Update(slot, person);
        Candidates.Put(slot, person);
        Turns.Move(slot, person);
    }
}
