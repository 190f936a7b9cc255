using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Swiper.Core.Dispatch;
using Swiper.Storage.Caching;
using Swiper.Storage.Embedded.Accounts;
using Swiper.Storage.Embedded.Indexes;
using Swiper.Storage.Embedded.Social;
using Swiper.Storage.Embedded.Sqlite;
using Swiper.Storage.Indexes;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Embedded;

/// <summary>
/// What the repositories of the embedded engine share: the shard files, which are the truth, and the indexes in memory, which are
/// rebuilt from them at start.
/// </summary>
internal sealed class EmbeddedEngine : IDisposable
{
    public const int Node = 0;

    private readonly DataFolder _folder;
    private readonly ShardMap _map;
    private readonly ILogger _logger;
    private Pruning? _pruning;

    /// <exception cref="DataFolderException">The folder can't be used.</exception>
    public EmbeddedEngine(EmbeddedOptions options, SessionRegistry sessions, TimeProvider clock, ILogger logger)
    {
        _logger = logger;
        _folder = DataFolder.Open(options.Folder, options.Shards);
        _map = new ShardMap(options.Shards);
        Sessions = sessions;
        Clock = clock;
        Uids = new UidGenerator(Node, clock);
        Directory = new PeopleDirectory(new ProfileCacheOptions(options.CachedProfiles), clock);
        Boards = new Boards(People, clock);
        Retries = new FollowUpRetries(clock);
        Shards = [.. Enumerable.Range(0, options.Shards).Select(number => new EmbeddedShard(number, this, _folder))];
    }

    public EmbeddedShard[] Shards { get; }

    public SessionRegistry Sessions { get; }

    public TimeProvider Clock { get; }

    public UidGenerator Uids { get; }

    public PeopleDirectory Directory { get; }

    public PeopleIndex People => Directory.People;

    public Boards Boards { get; }

    public MatchClaims Claims { get; } = new();

    public LikesInFlight LikesInFlight { get; } = new();

    public FollowUpRetries Retries { get; }

    /// <summary>Revoked tokens by id, with when they end.</summary>
    public ConcurrentDictionary<long, long> Revoked { get; } = new();

    public EmbeddedShard ShardOf(long uid) => Shards[_map.ShardOf(uid)];

    public EmbeddedShard ShardOf(string phone) => Shards[_map.ShardOfPhone(phone)];

    /// <summary>Rebuilds the indexes from the files, starts the lanes, and mends what the last process was cut off from doing.</summary>
    public void Start()
    {
        var unfinished = new IndexRebuild(this, _logger).Run();
        foreach (var shard in Shards)
            shard.Start(new SwipePublisher(shard));
        foreach (var followUp in unfinished)
            followUp.Enqueue();
        _pruning = new Pruning(this);
    }

    /// <summary>Something threw in a lane that should not have.</summary>
    public void Faulted(EmbeddedShard shard, Exception exception) => StorageLog.LaneFaulted(_logger, shard.Number, exception);

    /// <summary>What is durable could not be made visible: ends the process rather than go on with half of it.</summary>
    public void PublishFailed(EmbeddedShard shard, Exception exception)
    {
        StorageLog.PublishFailed(_logger, shard.Number, exception);
        Environment.FailFast("Durable swipes could not be shown.", exception);
    }

    /// <summary>Says once that a shard's store began to fail, and once that it works again.</summary>
    public void WritingChanged(EmbeddedShard shard, Exception? failure)
    {
        if (failure is null)
            StorageLog.ShardRecovered(_logger, shard.Number);
        else
            StorageLog.ShardFailing(_logger, shard.Number, failure);
    }

    /// <summary>A shard could not be read, and who asked is answered 1004.</summary>
    public void ReadFailed(EmbeddedShard shard, Exception failure) => StorageLog.ShardNotRead(_logger, shard.Number, failure);

    public void Dispose()
    {
        _pruning?.Dispose();
        Retries.Dispose();
        // All lanes first: the last batch of one may still queue to another.
        foreach (var shard in Shards)
            shard.Stop();
        foreach (var shard in Shards)
            shard.Dispose();
        _folder.Dispose();
        Directory.Dispose();
    }
}
