using Microsoft.Extensions.Logging;
using Swiper.Core.Dispatch;
using Swiper.Storage.Caching;
using Swiper.Storage.Cluster.Accounts;
using Swiper.Storage.Cluster.Dispatch;
using Swiper.Storage.Cluster.Events;
using Swiper.Storage.Cluster.Nodes;
using Swiper.Storage.Cluster.Repair;
using Swiper.Storage.Indexes;
using Swiper.Storage.Migrations;
using Swiper.Storage.MySql;
using Swiper.Storage.Redis;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Cluster;

/// <summary>
/// What the repositories of the cluster engine share: the MySQL shards, which are the truth; the index in Redis, a projection of it; the
/// directory of people in memory, which every host has; and what hosts tell each other.
/// </summary>
internal sealed class ClusterEngine : IDisposable
{
    // Should a change on another host not have been heard of, this is how long an old profile is shown.
    private static readonly TimeSpan ProfileLifetime = TimeSpan.FromMinutes(5);

    private readonly ShardMap _map;
    private readonly CancellationTokenSource _stopping = new();
    private Pruning? _pruning;
    private LongWaits? _longWaits;
    private BatchMeter? _meter;
    private int _batchesAhead;

    /// <exception cref="StorageStartException">The options name no servers that could be asked.</exception>
    public ClusterEngine(ClusterOptions options, SessionRegistry sessions, TimeProvider clock, ILogger logger)
    {
        (Options, Sessions, Clock, Logger) = (options, sessions, clock, logger);
        _map = new ShardMap(options.Shards.Count);
        Shards = [.. options.Shards.Select((connectionString, number) => new ClusterShard(this, ConnectTo(number, connectionString)))];
        Node = new NodeLease(Shards[0].Server, options.NodeLease, clock, logger);
        Index = ConnectToIndex();
        People = new PeopleDirectory(new ProfileCacheOptions(options.CachedProfiles, ProfileLifetime), clock);
        Accounts = new ClusterAccountRepository(this);
        Pushes = new LivePushes(this);
        Events = new HostEvents(this);
        Keeper = new IndexKeeper(this);
    }

    public ClusterOptions Options { get; }

    public SessionRegistry Sessions { get; }

    public TimeProvider Clock { get; }

    public ILogger Logger { get; }

    public ClusterShard[] Shards { get; }

    public NodeLease Node { get; }

    public SwipeIndex Index { get; }

    public PeopleDirectory People { get; }

    public ClusterAccountRepository Accounts { get; }

    public LivePushes Pushes { get; }

    public HostEvents Events { get; }

    public IndexKeeper Keeper { get; }

    /// <summary>
    /// Swipes were answered that the index has not heard of yet, because it could not be reached: who asks about them is answered from
    /// the truth.
    /// </summary>
    public bool IsIndexBehind => Volatile.Read(ref _batchesAhead) > 0;

    /// <summary>What goes on by itself is to end.</summary>
    public CancellationToken Stopping => _stopping.Token;

    public ClusterShard ShardOf(long uid) => Shards[_map.ShardOf(uid)];

    public ClusterShard ShardOf(string phone) => Shards[_map.ShardOfPhone(phone)];

    /// <summary>Brings the schemas up to date, claims a node number, reads who there is, and begins to take requests.</summary>
    /// <exception cref="StorageStartException">A shard can't be used; the message says which and why.</exception>
    public void Start()
    {
        foreach (var shard in Shards)
            Prepare(shard);
        try
        {
            StartServing();
        }
        catch (Exception exception) when (
            Unavailability.Is(exception is AggregateException { InnerException: { } first } ? first : exception))
        {
            throw new StorageStartException($"can't join the cluster: {(exception.InnerException ?? exception).Message}", exception);
        }
    }

    private void StartServing()
    {
        Node.Start();
        foreach (var shard in Shards)
            shard.Start();
        // First heard, then read: nobody who is made in between is missed.
        Events.Start();
        new PeopleReading(this).Run();
        _pruning = new Pruning(this);
        _longWaits = new LongWaits(this);
        Keeper.Start();
        _meter = new BatchMeter(this);
    }

    /// <summary>A batch is answered before the index has heard of it.</summary>
    public void BatchWentAhead() => Interlocked.Increment(ref _batchesAhead);

    /// <summary>Now the index has heard of it.</summary>
    public void BatchWasCaughtUpWith() => Interlocked.Decrement(ref _batchesAhead);

    /// <summary>Something threw that should not have.</summary>
    public void Faulted(int shard, Exception exception) => StorageLog.LaneFaulted(Logger, shard, exception);

    public void Dispose()
    {
        _stopping.Cancel();
        _meter?.Dispose();
        Keeper.Dispose();
        _pruning?.Dispose();
        _longWaits?.Dispose();
        Events.Dispose();
        // All lanes first: the last batch of one may still queue to another.
        foreach (var shard in Shards)
            shard.Stop();
        Node.Dispose();
        foreach (var shard in Shards)
            shard.Dispose();
        Index.Dispose();
        People.Dispose();
        _stopping.Dispose();
    }

    private ShardServer ConnectTo(int number, string connectionString)
    {
        try
        {
            // Deadlines go by real time whatever the clock says: one that is set forward in the middle of a call is no shard that hangs.
            return new ShardServer(number, connectionString, Options.Deadline, failure => AvailabilityChanged(number, failure));
        }
        catch (ArgumentException wrong)
        {
            throw new StorageStartException($"Cluster:Shards:{number}: {wrong.Message}", wrong);
        }
    }

    private SwipeIndex ConnectToIndex()
    {
        try
        {
            // Not with the deadline of the shards: what Redis does not answer soon the shards do, and until it counts as down each
            // reply waits for it.
            var options = new RedisOptions { Configuration = Options.Redis, ReplaceAfter = Options.ReplaceRedisClientAfter };
            return new SwipeIndex(options, Clock, Logger);
        }
        catch (ArgumentException wrong)
        {
            throw new StorageStartException($"Cluster:Redis: {wrong.Message}", wrong);
        }
    }

    private void Prepare(ClusterShard shard)
    {
        try
        {
            MySqlMigrator.Shard.Migrate(shard.Server, Shards.Length);
        }
        catch (SchemaException wrong)
        {
            throw new StorageStartException(wrong.Message, wrong);
        }
        catch (Exception exception) when (TransientErrors.KindOf(exception) != ShardFailure.None)
        {
            throw new StorageStartException($"shard {shard.Number} ({shard.Server.Name}) can't be reached: {exception.Message}",
                exception);
        }
    }

    private void AvailabilityChanged(int shard, Exception? failure)
    {
        if (failure is null)
            StorageLog.ShardRecovered(Logger, shard);
        else
            StorageLog.ShardFailing(Logger, shard, failure);
    }
}
