using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;
using Swiper.Core.Accounts;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Storage.Cluster;
using Swiper.Storage.Cluster.Social;
using Swiper.Storage.Indexes;
using Swiper.Storage.MySql;
using Swiper.Storage.Records;
using Swiper.Storage.Redis;
using Swiper.Storage.Sharding;
using Swiper.Storage.Tests.Contract;
using Swiper.Storage.Tests.MySql;

namespace Swiper.Storage.Tests.Cluster;

/// <summary>The cluster engine on two shards and a Redis of its own.</summary>
internal sealed class ClusterUnderTest : IEngineUnderTest
{
    // Few profiles in memory, so that some are read again.
    private const int CachedProfiles = 100;

    // Longer than any test moves its clock by at a time.
    private static readonly TimeSpan NodeLease = TimeSpan.FromDays(30);

    private readonly ClusterServers _servers;
    private readonly ClusterOptions _options;
    private readonly ShardServer[] _shards;
    private readonly ShardConnection[] _connections;
    private readonly TimeProvider _clock;

    private ClusterUnderTest(ClusterServers servers, TimeProvider clock, CodeRules rules)
    {
        _servers = servers;
        _options = new ClusterOptions(
            [servers.NewShard(), servers.NewShard()], servers.NewRedis(), Deadline: TimeSpan.FromSeconds(10),
            NodeLease, CachedProfiles, rules);
        _shards = [.. _options.Shards.Select(PatientShard.Server)];
        _connections = [.. _shards.Select(shard => shard.Connect())];
        _clock = clock;
        Engine = Open();
    }

    public IStorageEngine Engine { get; private set; }

    public IRecords Records => ((ClusterStorage)Engine).Parts.Records;

    public PeopleDirectory People => ((ClusterStorage)Engine).Parts.People;

    public SessionRegistry Sessions { get; } = new();

    public static async Task<IEngineUnderTest> CreateAsync(ClusterServers servers, TimeProvider clock, CodeRules rules)
    {
        var underTest = new ClusterUnderTest(servers, clock, rules);
        await underTest.Engine.StartAsync(TestContext.Current.CancellationToken);
        return underTest;
    }

    public async Task ReopenAsync()
    {
        await Engine.DisposeAsync();
        Engine = Open();
        await Engine.StartAsync(TestContext.Current.CancellationToken);
    }

    public Task EmptyIndexAsync()
    {
        _servers.EmptyRedis(_options.Redis);
        return Task.CompletedTask;
    }

    public async Task PutSwipesAsync(long uid, IReadOnlyList<long> sids)
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync(_options.Redis);
        foreach (var part in sids.Chunk(10_000))
        {
            await redis.GetDatabase().SetAddAsync(
                $"{{{UserGroups.Of(uid)}}}:u:{uid}:swiped", Array.ConvertAll(part, static sid => (RedisValue)sid));
            _connections[new ShardMap(_connections.Length).ShardOf(uid)].ExecuteText(
                "INSERT INTO swiped (uid, sid, kind, at, batch) VALUES " + string.Join(',', part.Select(sid => $"({uid},{sid},3,0,0)")));
        }
    }

    public void PassIndexOver() => ((ClusterStorage)Engine).Parts.Swipes.Lag.Begin();

    public async Task MatchLateAsync(long uid, long sid, long at)
    {
        var path = ((ClusterStorage)Engine).Parts.Swipes;
        var (low, high) = uid < sid ? (uid, sid) : (sid, uid);
        var match = await Consequence.BefriendAsync(path, low, high, new Match(uid, at));
        await Consequence.BefriendAsync(path, high, low, match);
    }

    public async Task SuperlikeLateAsync(long uid, long sid, long at) =>
        await Consequence.NotifyAsync(((ClusterStorage)Engine).Parts.Swipes, sid, Opcode.Superliked, uid, at);

    public Task SettledAsync() => Eventually.HoldsAsync(
        () => Task.FromResult(_connections.All(connection => connection.ScalarInt64("SELECT COUNT(*) FROM journal") == 0)),
        "an empty journal on every shard");

    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
        foreach (var connection in _connections)
            connection.Dispose();
        foreach (var shard in _shards)
            shard.Dispose();
    }

    private ClusterStorage Open() => new(_options, Sessions, _clock, NullLogger<ClusterStorage>.Instance);
}
