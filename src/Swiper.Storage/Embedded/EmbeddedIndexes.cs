using Swiper.Storage.Caching;
using Swiper.Storage.Embedded.Indexes;
using Swiper.Storage.Indexes;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Embedded;

/// <summary>What the embedded engine holds in memory of its files, and can read from them again.</summary>
internal sealed class EmbeddedIndexes : IDisposable
{
    private readonly ShardMap _map;

    public EmbeddedIndexes(int shards, int cachedProfiles, TimeProvider clock)
    {
        _map = new ShardMap(shards);
        Directory = new PeopleDirectory(new ProfileCacheOptions(cachedProfiles), clock, knowsEverybody: true);
        Boards = new Boards(People, clock);
        Shards = [.. Enumerable.Range(0, shards).Select(_ => new ShardIndexes(People))];
    }

    public PeopleDirectory Directory { get; }

    public PeopleIndex People => Directory.People;

    public Boards Boards { get; }

    public ShardIndexes[] Shards { get; }

    public ShardIndexes ShardOf(long uid) => Shards[NumberOf(uid)];

    public int NumberOf(long uid) => _map.ShardOf(uid);

    public void Dispose() => Directory.Dispose();
}

/// <summary>What one shard's users have swiped, and who likes them.</summary>
internal sealed class ShardIndexes(PeopleIndex people)
{
    /// <summary>The swipes made by this shard's users.</summary>
    public SwipedIndex Swiped { get; } = new();

    /// <summary>What this shard's users did last.</summary>
    public SwiperStates Swipers { get; } = new();

    /// <summary>Those who like this shard's users and were not swiped by them.</summary>
    public LikersIndex Likers { get; } = new(people);

    /// <summary>Swipes that were taken back but whose row is still there, by swiper and target slot.</summary>
    public HashSet<(int Swiper, int Target)> TakenBack { get; } = [];
}
