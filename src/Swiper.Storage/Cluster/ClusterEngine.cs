using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Swiper.Core.Dispatch;
using Swiper.Storage.Caching;
using Swiper.Storage.Cluster.Accounts;
using Swiper.Storage.Cluster.Dispatch;
using Swiper.Storage.Cluster.Events;
using Swiper.Storage.Cluster.Nodes;
using Swiper.Storage.Cluster.Repair;
using Swiper.Storage.Cluster.Social;
using Swiper.Storage.Indexes;
using Swiper.Storage.Metrics;
using Swiper.Storage.Migrations;
using Swiper.Storage.MySql;
using Swiper.Storage.Pushes;
using Swiper.Storage.Redis;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Cluster;

/// <summary>
/// What the repositories of the cluster engine share: the MySQL shards, which are the truth; the index in Redis, a projection of it; every
/// host's in-memory directory of people; and the events between hosts.
/// </summary>
internal sealed class ClusterEngine : IDisposable
{
    // How long a stale profile is shown if a change on another host was missed.
    private static readonly TimeSpan ProfileLifetime = TimeSpan.FromMinutes(5);

    private readonly CancellationTokenSource _stopping = new();
    private readonly LaneThreads _laneThreads = new();
    private readonly LaneThreads _recordThreads = new();
    private LongWaits? _longWaits;
    private readonly StorageMeter _meter;

    /// <exception cref="StorageStartException">The options name no usable servers.</exception>
    public ClusterEngine(
        ClusterOptions options, SessionRegistry sessions, TimeProvider clock, ILogger logger, IMeterFactory? meters = null)
    {
        (Options, Clock, Logger) = (options, clock, logger);
        Shards = new ClusterShards([.. options.Shards.Select((connectionString, number) =>
            new ClusterShard(ConnectTo(number, connectionString), clock, logger))]);
        Node = new NodeLease(Shards[0].Server, options.NodeLease, clock, logger);
        Index = ConnectToIndex();
        People = new PeopleDirectory(new ProfileCacheOptions(options.CachedProfiles, ProfileLifetime), clock, knowsEverybody: false);
        var self = new Guid(Node.Owner);
        var messages = Index.OpenMessages(self);
        Events = new HostEvents(messages, Shards, Node, clock);
        Canary = new Canary(messages, Shards[0], self, clock);
        Records = new ClusterRecords(Shards, Node, Events, clock, logger);
        StoredPushes = new PushRepository(Records, People.Blocks, clock);
        Pushes = new LivePushes(sessions, Events, Shards, StoredPushes, People.Blocks);
        Records.PushWritten += (uid, push) => Pushes.Deliver(uid, push);
        Swipes = new SwipePath(Shards, Index, new IndexLag(), Pushes, Node, options, clock, logger, _stopping.Token);
        Keeper = new IndexKeeper([.. Shards.Select(shard => shard.Server)], Index, clock, logger);
        Health = new ClusterHealth(new ClusterSigns(this), clock);
        _meter = new StorageMeter(meters);
    }

    public ClusterOptions Options { get; }

    public TimeProvider Clock { get; }

    public ILogger Logger { get; }

    public ClusterShards Shards { get; }

    public NodeLease Node { get; }

    public SwipeIndex Index { get; }

    public PeopleDirectory People { get; }

    public ClusterRecords Records { get; }

    public PushRepository StoredPushes { get; }

    public LivePushes Pushes { get; }

    public HostEvents Events { get; }

    public Canary Canary { get; }

    public IndexKeeper Keeper { get; }

    public ClusterHealth Health { get; }

    public SwipePath Swipes { get; }

    /// <summary>Migrates the schemas, claims a node number, reads all users, and begins to take requests.</summary>
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
            shard.Start(_laneThreads, _recordThreads, Swipes, _meter);
        // Subscribe first, then read: no user created in between is missed.
        Events.Start();
        Canary.Start();
        new PeopleReading(Shards, People, Clock, Logger).Run();
        Records.FollowUps.Start();
        _longWaits = new LongWaits(Shards, Clock, Logger);
        Keeper.Start();
        new ClusterInstruments(_meter.Meter, this).Observe();
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _meter.Dispose();
        Keeper.Dispose();
        Records.Dispose();
        _longWaits?.Dispose();
        Canary.Dispose();
        Events.Dispose();
        // All lanes first: the last batch of one may still enqueue to another.
        foreach (var shard in Shards)
            shard.Stop();
        _laneThreads.Dispose();
        _recordThreads.Dispose();
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
            // Deadlines use real time, whatever the clock says: a clock set forward during a call doesn't mean that the shard hangs.
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
            var options = new RedisOptions
            {
                Configuration = Options.Redis, Deadline = Options.RedisDeadline, ReplaceAfter = Options.ReplaceRedisClientAfter,
            };
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
            MySqlMigrator.Shard.Migrate(shard.Server, Shards.Count);
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
