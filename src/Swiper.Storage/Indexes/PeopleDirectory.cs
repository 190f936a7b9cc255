using Swiper.Core.Accounts;
using Swiper.Storage.Caching;

namespace Swiper.Storage.Indexes;

/// <summary>
/// What a host keeps in memory of users: of everybody what decks ask for (<see cref="People"/>, <see cref="Candidates"/>), of those
/// who are asked for the whole profile (<see cref="Profiles"/>). Whatever enters the profiles is what decks show from then on.
/// </summary>
internal sealed class PeopleDirectory : IDisposable
{
    // Held while one person changes in both indexes, so that they end alike.
    private readonly Lock _changing = new();

    public PeopleDirectory(ProfileCacheOptions profiles, TimeProvider clock) => Profiles = new ProfileCache(profiles, clock, Index);

    public PeopleIndex People { get; } = new();

    public CandidateIndex Candidates { get; } = new();

    public ProfileCache Profiles { get; }

    /// <summary>
    /// Shows a new or changed profile to everybody. It has just been written; each user's are shown in the order of writing.
    /// </summary>
    public void Show(CachedProfile profile) => Profiles.Put(profile);

    /// <summary>
    /// Has a user known as the truth had them when it was read; whoever is known already stays as they are, for that is newer.
    /// </summary>
    public void Load(long uid, in Person person)
    {
        lock (_changing)
        {
            if (!People.TryGetSlot(uid, out _))
                Candidates.Put(People.Add(uid, person), person);
        }
    }

    /// <summary>
    /// Loads a user who was made or changed elsewhere, and shows what is there now; a load that began before shows nothing any more.
    /// </summary>
    /// <exception cref="Core.Dispatch.StoreUnavailableException">Decks still show what they did.</exception>
    public async ValueTask RefreshAsync(long uid, Func<long, Task<CachedProfile?>> load)
    {
        Profiles.Drop(uid);
        await Profiles.FindOrLoadAsync(uid, load).ConfigureAwait(false);
    }

    public void Dispose() => Candidates.Dispose();

    private void Index(CachedProfile profile)
    {
        var person = Person.Of(profile.Profile, People.Locations);
        lock (_changing)
        {
            if (People.TryGetSlot(profile.Profile.Uid, out var slot))
            {
                // A profile that is merely read again must not hold up the searches.
                if (People[slot] == person)
                    return;
                People.Update(slot, person);
            }
            else
            {
                slot = People.Add(profile.Profile.Uid, person);
            }
            Candidates.Put(slot, person);
        }
    }
}
