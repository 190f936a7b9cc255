using System.Collections.Concurrent;
using Swiper.Core.Accounts;

namespace Swiper.Storage.Caching;

/// <summary>
/// Profiles in memory, at most so many. Finding one takes no lock and allocates nothing; one load serves all who wait for it; what was
/// not asked for since the hand of the clock last passed makes room (https://en.wikipedia.org/wiki/Page_replacement_algorithm#Clock).
/// </summary>
/// <param name="capacity">Profiles kept at most, give or take those being added at the same instant.</param>
internal sealed class ProfileCache(int capacity)
{
    private readonly ConcurrentDictionary<long, Entry> _entries = new();
    private readonly ConcurrentQueue<Entry> _clock = new();

    public int Count => _entries.Count;

    public CachedProfile? Find(long uid)
    {
        if (!_entries.TryGetValue(uid, out var entry) || entry.Profile is not { } profile)
            return null;
        if (!entry.Used)
            entry.Used = true;
        return profile;
    }

    /// <summary>The profile, loaded where it is not here; null where there is none.</summary>
    public ValueTask<CachedProfile?> FindOrLoadAsync(long uid, Func<long, Task<CachedProfile?>> load) =>
        Find(uid) is { } profile ? ValueTask.FromResult<CachedProfile?>(profile) : new ValueTask<CachedProfile?>(LoadAsync(uid, load));

    /// <summary>Puts a profile that has just been written. It wins over any load that began before.</summary>
    public void Put(CachedProfile profile)
    {
        var fresh = new Entry(profile.Profile.Uid);
        var entry = _entries.GetOrAdd(fresh.Uid, fresh);
        entry.Profile = profile;
        if (entry == fresh)
        {
            fresh.Loading.TrySetResult(profile);
            Admit(fresh);
        }
    }

    private async Task<CachedProfile?> LoadAsync(long uid, Func<long, Task<CachedProfile?>> load)
    {
        while (true)
        {
            var fresh = new Entry(uid);
            var entry = _entries.GetOrAdd(uid, fresh);
            if (entry.Profile is { } present)
                return present;
            if (entry != fresh)
            {
                // Somebody loads it already. Where that fails, or it is gone by then, the next turn loads it.
                if (await entry.Loading.Task is { } loaded)
                    return loaded;
                continue;
            }

            CachedProfile? profile = null;
            try
            {
                profile = await load(uid);
                return profile is null ? null : fresh.Profile ?? profile;
            }
            finally
            {
                if (profile is null)
                {
                    _entries.TryRemove(KeyValuePair.Create(uid, fresh));
                }
                else
                {
                    // What was written meanwhile is newer than what was read.
                    fresh.SetIfAbsent(profile);
                    Admit(fresh);
                }
                fresh.Loading.TrySetResult(fresh.Profile);
            }
        }
    }

    private void Admit(Entry entry)
    {
        _clock.Enqueue(entry);
        while (_clock.Count > capacity && _clock.TryDequeue(out var oldest))
        {
            if (oldest.Used && _entries.TryGetValue(oldest.Uid, out var current) && current == oldest)
            {
                oldest.Used = false;
                _clock.Enqueue(oldest);
            }
            else
            {
                _entries.TryRemove(KeyValuePair.Create(oldest.Uid, oldest));
            }
        }
    }

    private sealed class Entry(long uid)
    {
        private CachedProfile? _profile;

        public long Uid { get; } = uid;

        public CachedProfile? Profile
        {
            get => Volatile.Read(ref _profile);
            set => Volatile.Write(ref _profile, value);
        }

        public bool Used { get; set; }

        public void SetIfAbsent(CachedProfile profile) => Interlocked.CompareExchange(ref _profile, profile, null);

        public TaskCompletionSource<CachedProfile?> Loading { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
