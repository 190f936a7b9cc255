using System.Data.Common;
using Swiper.Core.Accounts;
using Swiper.Core.Ranking;
using Swiper.Storage.Cluster;
using Swiper.Storage.Cluster.Repair;
using Swiper.Storage.MySql;
using Swiper.Storage.Redis;
using Swiper.Storage.Redis.Repair;
using Swiper.Storage.Tests.Contract;
using Swiper.Storage.Tests.MySql;
using Swiper.Storage.Tests.Redis;

namespace Swiper.Storage.Tests.Cluster;

/// <summary>
/// Two shards and a Redis of a test's own, as many hosts on them as it starts, and what it needs to see or spoil what they keep.
/// </summary>
internal sealed class TestCluster : IAsyncDisposable
{
    // What a host has left open is taken up when it has been silent for a lease.
    private static readonly TimeSpan ShortLease = TimeSpan.FromSeconds(6);

    // A small part of a lease, so that a host has the time to renew it.
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(200);

    private readonly TemporaryFolder _folder = new();
    private readonly List<RedisProcess> _redises = [];
    private readonly List<TestHost> _hosts = [];
    private readonly ShardServer[] _servers;
    private readonly ShardConnection[] _connections;
    private readonly FakeTimeProvider? _clock;

    public TestCluster(ClusterServers servers, TimeSpan? nodeLease = null, FakeTimeProvider? clock = null)
        : this([servers.NewShard(), servers.NewShard()], nodeLease, clock)
    {
    }

    /// <summary>Shard 0 is among many others', shard 1 has a server of its own, which a test may hang.</summary>
    public TestCluster(ClusterServers servers, MariaDbServer second, FakeTimeProvider? clock = null)
        : this([servers.NewShard(), NewShardOn(second)], clock: clock)
    {
    }

    /// <param name="shards">Connection strings.</param>
    /// <param name="nodeLease">Short, where nothing is said.</param>
    /// <param name="clock">The hosts' clock, which goes while something is waited for; the real one, where nothing is said.</param>
    public TestCluster(string[] shards, TimeSpan? nodeLease = null, FakeTimeProvider? clock = null)
    {
        _clock = clock;
        Redis = NewRedis();
        Options = new ClusterOptions(
            shards, Redis.Address, Deadline: TimeSpan.FromSeconds(10), nodeLease ?? ShortLease, CachedProfiles: 1000, CodeRules.Standard);
        _servers = [.. shards.Select(PatientShard.Server)];
        _connections = [.. _servers.Select(server => server.ConnectPatiently())];
    }

    public ClusterOptions Options { get; init; }

    /// <summary>The one that hosts use unless they are told another.</summary>
    public RedisProcess Redis { get; }

    /// <summary>Another server, of which the first knows nothing.</summary>
    public RedisProcess NewRedis()
    {
        _redises.Add(new RedisProcess(_folder.File($"{_redises.Count}")));
        return _redises[^1];
    }

    public Task<TestHost> StartHostAsync(RedisProcess? redis = null, TimeProvider? clock = null) =>
        StartHostAsync(Options with { Redis = (redis ?? Redis).Address }, clock);

    /// <summary>Starts one that is set up in its own way.</summary>
    public async Task<TestHost> StartHostAsync(ClusterOptions options, TimeProvider? clock = null)
    {
        var host = new TestHost(options, clock ?? _clock ?? TimeProvider.System);
        _hosts.Add(host);
        await host.Engine.StartAsync(TestContext.Current.CancellationToken);
        return host;
    }

    /// <summary>Ends a host, which gives its node number back.</summary>
    public async Task StopAsync(TestHost host)
    {
        _hosts.Remove(host);
        await host.DisposeAsync();
    }

    /// <summary>The test's own connection to a shard.</summary>
    public ShardConnection Shard(int number) => _connections[number];

    /// <summary>One more connection to a shard, for a transaction beside the first.</summary>
    public ShardConnection Connect(int shard) => _servers[shard].ConnectPatiently();

    /// <summary>How many rows, of a table with what follows it, a shard has.</summary>
    public long Count(int shard, string rows, params ReadOnlySpan<object?> values) =>
        Shard(shard).ScalarInt64($"SELECT COUNT(*) FROM {rows}", values) ?? 0;

    /// <summary>How many rows all shards have together.</summary>
    public long CountAll(string rows) => Enumerable.Range(0, _connections.Length).Sum(shard => Count(shard, rows));

    /// <summary>The rows of a query, all of whose columns are numbers.</summary>
    public List<long[]> Query(int shard, string sql, params ReadOnlySpan<object?> values)
    {
        var rows = new List<long[]>();
        Shard(shard).Query(sql, values, row => rows.Add(Numbers(row)));
        return rows;
    }

    /// <summary>Returns when every batch is settled and the index has heard of it.</summary>
    public Task AwaitEmptyJournalsAsync() => UntilAsync(() => CountAll("journal") == 0, "an empty journal on every shard");

    /// <summary>A host's boards, once they tell of every swipe that was answered.</summary>
    public IBoardRepository BoardsOf(TestHost host) => new SettledBoards(host.Engine.Boards, AwaitEmptyJournalsAsync);

    /// <summary>Returns when every node number that is over, is over for other hosts, too: their clock has to have moved on.</summary>
    public Task AwaitEndOfLeaseAsync(int node) =>
        UntilAsync(
            () => Count(0, "nodes WHERE node = @p0 AND until < CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED)", node) == 1,
            $"the end of node {node}'s lease");

    /// <summary>Compares all users with the truth, as soon as the index is trusted.</summary>
    public async Task<List<Drift>> CompareAsync(bool fix = false)
    {
        var drifts = new List<Drift>();
        await AwaitTrustAsync();
        using var maintenance = new IndexMaintenance(Options, TimeProvider.System);
        var comparison = await maintenance.CompareAsync(1, int.MaxValue, fix, drifts.Add, null, TestContext.Current.CancellationToken);
        Assert.Equal((CountAll("users"), 0), (comparison.Compared, comparison.Untrusted));
        return drifts;
    }

    /// <summary>Returns when every group of the index is trusted.</summary>
    public async Task AwaitTrustAsync()
    {
        using var index = new SwipeIndex(new RedisOptions { Configuration = Options.Redis });
        var repair = new IndexRepair(index);
        await UntilAsync(async () => (await repair.StatusAsync()).All(node => node.Trusted == node.Groups), "a trusted index");
    }

    /// <summary>What the index keeps about a user.</summary>
    public async Task<IndexedUser> ReadIndexAsync(long uid)
    {
        using var index = new SwipeIndex(PatientRedis.Options(Options.Redis));
        await UntilAsync(() => index.IsReachable, "a reachable index");
        return await new IndexRepair(index).ReadAsync(uid, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
    }

    /// <summary>Waits without keeping a thread, and moves the hosts' clock on meanwhile.</summary>
    public Task UntilAsync(Func<bool> condition, string what) => UntilAsync(() => Task.FromResult(condition()), what);

    /// <inheritdoc cref="UntilAsync(Func{bool}, string)"/>
    public Task UntilAsync(Func<Task<bool>> condition, string what) => Eventually.HoldsAsync(
        () =>
        {
            _clock?.Advance(Step);
            return condition();
        },
        what);

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
            await host.DisposeAsync();
        foreach (var connection in _connections)
            connection.Dispose();
        foreach (var server in _servers)
            server.Dispose();
        foreach (var redis in _redises)
            redis.Dispose();
        _folder.Dispose();
    }

    private static string NewShardOn(MariaDbServer server)
    {
        server.AllowManyConnections();
        return server.NewDatabase();
    }

    private static long[] Numbers(DbDataReader row) => [.. Enumerable.Range(0, row.FieldCount).Select(row.GetInt64)];
}
