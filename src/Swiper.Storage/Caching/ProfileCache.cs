using System.Collections.Concurrent;
using Swiper.Core.Accounts;
using Swiper.Storage.Metrics;

namespace Swiper.Storage.Caching;

/// <summary>
/// A bounded cache of profiles. A hit takes no lock and allocates nothing; concurrent misses share one load, and its failure; eviction is
/// by the clock algorithm (https://en.wikipedia.org/wiki/Page_replacement_algorithm#Clock). Absent uids are cached too
/// (<see cref="AbsentUids"/>).
/// </summary>
/// <remarks>
/// A load must not overwrite a newer write. So it fills only the entry it began with, and only while that entry is empty and still the
/// uid's: <see cref="Put"/> fills the entry first, <see cref="Drop"/> removes it.
/// </remarks>
internal sealed class ProfileCache
{
    private const int MaxAbsent = 16 * 1024;
    private const long ForGood = long.MaxValue;

    private readonly ConcurrentDictionary<long, Entry> _entries = new();
    private readonly ConcurrentQueue<Entry> _hand = new();
    private readonly Lock[] _stripes = [.. Enumerable.Range(0, 64).Select(_ => new Lock())];
    private readonly AbsentUids _absent;
    private readonly StripedCount _hits = new();
    private readonly StripedCount _misses = new();
    private readonly ProfileCacheOptions _options;
    private readonly TimeProvider _clock;
    private readonly Action<CachedProfile>? _entering;

    /// <param name="options">Capacity and lifetime.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="entering">Called with every profile just before it can be found here; for one user, in the order of writing.</param>
    public ProfileCache(ProfileCacheOptions options, TimeProvider clock, Action<CachedProfile>? entering = null)
    {
        _options = options;
        _clock = clock;
        _entering = entering;
        _absent = new AbsentUids(MaxAbsent, clock);
    }

    public int Count => _entries.Count;

    /// <summary>How many uids are known not to exist.</summary>
    public int Absent => _absent.Count;

    /// <summary>How many requests for a profile were answered from here, its absence included.</summary>
    public long Hits => _hits.Value;

    /// <summary>How many had to wait for a load, their own or another's.</summary>
    public long Misses => _misses.Value;

    public CachedProfile? Find(long uid)
    {
        if (!_entries.TryGetValue(uid, out var entry) || entry.Profile is not { } profile || IsOver(entry))
            return null;
        if (!entry.Used)
            entry.Used = true;
        return profile;
    }

    /// <summary>The profile, loaded if it is not cached; null if there is none.</summary>
    public ValueTask<CachedProfile?> FindOrLoadAsync(long uid, Func<long, Task<CachedProfile?>> load)
    {
        var profile = Find(uid);
        var isKnown = profile is not null || _absent.Contains(uid);
        (isKnown ? _hits : _misses).Add();
        return isKnown ? ValueTask.FromResult(profile) : new ValueTask<CachedProfile?>(LoadAsync(uid, load));
    }

    /// <summary>
    /// Adds a profile that has just been written, in the order of writing for each user. It wins over any load that began before.
    /// </summary>
    public void Put(CachedProfile profile)
    {
        var fresh = new Entry(profile.Profile.Uid);
        Entry entry;
        lock (StripeOf(fresh.Uid))
        {
            _absent.Remove(fresh.Uid);
            entry = _entries.GetOrAdd(fresh.Uid, fresh);
            Fill(entry, profile);
        }
        entry.Loading.TrySetResult(profile);
        if (entry == fresh)
            Admit(fresh);
    }

    /// <summary>
    /// Drops what is cached for a uid, its absence included, because it changed elsewhere: later requests load it again.
    /// </summary>
    public void Drop(long uid)
    {
        lock (StripeOf(uid))
        {
            _absent.Remove(uid);
            _entries.TryRemove(uid, out _);
        }
    }

    /// <summary>Drops everything: changes made elsewhere may have been missed.</summary>
    public void DropAll()
    {
        _entries.Clear();
        _hand.Clear();
        _absent.Clear();
    }

    private async Task<CachedProfile?> LoadAsync(long uid, Func<long, Task<CachedProfile?>> load)
    {
        while (true)
        {
            if (_absent.Contains(uid))
                return null;
            var fresh = new Entry(uid);
            var entry = _entries.GetOrAdd(uid, fresh);
            if (entry == fresh)
                return await LoadIntoAsync(fresh, load);
            if (entry.Profile is not { } present)
                return await entry.Loading.Task;
            if (!IsOver(entry))
                return present;
            _entries.TryRemove(KeyValuePair.Create(uid, entry));
        }
    }

    private async Task<CachedProfile?> LoadIntoAsync(Entry fresh, Func<long, Task<CachedProfile?>> load)
    {
        try
        {
            var profile = Keep(fresh, await load(fresh.Uid));
            fresh.Loading.TrySetResult(profile);
            return profile;
        }
        catch (Exception exception)
        {
            Forget(fresh);
            if (fresh.Loading.TrySetException(exception))
                _ = fresh.Loading.Task.Exception; // observed here, in case nobody awaits it
            throw;
        }
    }

    /// <summary>Keeps what was read unless it may be stale by now; returns what the caller is to get.</summary>
    private CachedProfile? Keep(Entry fresh, CachedProfile? read)
    {
        lock (StripeOf(fresh.Uid))
        {
            if (fresh.Profile is null)
            {
                if (!IsCurrent(fresh))
                    return read;
                if (read is null)
                {
                    _absent.Add(fresh.Uid);
                    _entries.TryRemove(KeyValuePair.Create(fresh.Uid, fresh));
                    return null;
                }
                Fill(fresh, read);
            }
        }
        Admit(fresh);
        return fresh.Profile;
    }

    private void Forget(Entry fresh)
    {
        lock (StripeOf(fresh.Uid))
        {
            if (fresh.Profile is null)
            {
                _entries.TryRemove(KeyValuePair.Create(fresh.Uid, fresh));
                return;
            }
        }
        Admit(fresh); // it was written while the load failed
    }

    private void Fill(Entry entry, CachedProfile profile)
    {
        _entering?.Invoke(profile);
        entry.Until = _options.Lifetime is { } lifetime ? _clock.GetTimestamp() + JitteredLifetime.Ticks(lifetime, _clock) : ForGood;
        entry.Profile = profile;
    }

    private void Admit(Entry entry)
    {
        _hand.Enqueue(entry);
        while (_hand.Count > _options.Capacity && _hand.TryDequeue(out var oldest))
        {
            if (oldest.Used && IsCurrent(oldest))
            {
                oldest.Used = false;
                _hand.Enqueue(oldest);
            }
            else
            {
                _entries.TryRemove(KeyValuePair.Create(oldest.Uid, oldest));
            }
        }
    }

    private bool IsOver(Entry entry) => entry.Until != ForGood && _clock.GetTimestamp() >= entry.Until;

    private bool IsCurrent(Entry entry) => _entries.TryGetValue(entry.Uid, out var current) && current == entry;

    private Lock StripeOf(long uid) => _stripes[(int)((ulong)uid % (uint)_stripes.Length)];

    private sealed class Entry(long uid)
    {
        private CachedProfile? _profile;
        private long _until = ForGood;

        public long Uid { get; } = uid;

        public CachedProfile? Profile
        {
            get => Volatile.Read(ref _profile);
            set => Volatile.Write(ref _profile, value);
        }

        /// <summary>A timestamp of the clock.</summary>
        public long Until
        {
            get => Volatile.Read(ref _until);
            set => Volatile.Write(ref _until, value);
        }

        public bool Used { get; set; }

        public TaskCompletionSource<CachedProfile?> Loading { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
