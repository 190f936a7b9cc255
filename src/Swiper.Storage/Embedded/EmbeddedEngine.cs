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
/// What the repositories of the embedded engine share: the shard files, which are the truth, and the in-memory indexes, which are rebuilt
/// from them at start.
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

    /// <summary>Revoked tokens by id, with their expiry.</summary>
    public ConcurrentDictionary<long, long> Revoked { get; } = new();

    public EmbeddedShard ShardOf(long uid) => Shards[_map.ShardOf(uid)];

    public EmbeddedShard ShardOf(string phone) => Shards[_map.ShardOfPhone(phone)];

    /// <summary>
    /// Rebuilds the indexes from the files, starts the lanes, and writes the follow-ups that the last process did not get to.
    /// </summary>
    public void Start()
    {
        var unfinished = new IndexRebuild(this, _logger).Run();
        foreach (var shard in Shards)
            shard.Start(new SwipePublisher(shard));
        foreach (var followUp in unfinished)
            followUp.Enqueue();
        _pruning = new Pruning(this);
    }

    /// <summary>Reports an unexpected exception in a lane.</summary>
    public void Faulted(EmbeddedShard shard, Exception exception) => StorageLog.LaneFaulted(_logger, shard.Number, exception);

    /// <summary>A durable batch could not be published: ends the process rather than go on with half of it visible.</summary>
    public void PublishFailed(EmbeddedShard shard, Exception exception)
    {
        StorageLog.PublishFailed(_logger, shard.Number, exception);
        Environment.FailFast("Durable swipes could not be shown.", exception);
    }

    /// <summary>Logs once that a shard's store fails, and once that it works again.</summary>
    public void WritingChanged(EmbeddedShard shard, Exception? failure)
    {
        if (failure is null)
            StorageLog.ShardRecovered(_logger, shard.Number);
        else
            StorageLog.ShardFailing(_logger, shard.Number, failure);
    }

    /// <summary>Reports a failed read, whose caller gets 1004.</summary>
    public void ReadFailed(EmbeddedShard shard, Exception failure) => StorageLog.ShardNotRead(_logger, shard.Number, failure);

    public void Dispose()
    {
        _pruning?.Dispose();
        Retries.Dispose();
        // All lanes first: the last batch of one may still enqueue to another.
        foreach (var shard in Shards)
            shard.Stop();
        foreach (var shard in Shards)
            shard.Dispose();
        _folder.Dispose();
        Directory.Dispose();
    }
}
