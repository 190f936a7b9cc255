using Swiper.Client;
using Swiper.EndToEnd.Running;
using Swiper.Local;
using Swiper.Local.Hosts;
using Swiper.Local.Robots;
using Swiper.Local.Services;

namespace Swiper.EndToEnd.Cluster;

/// <summary>Hosts on the servers of <see cref="ClusterServices"/>, with databases of their own that begin empty.</summary>
internal sealed class Deployment : IAsyncDisposable
{
    private readonly List<ScratchFolder> _folders = [];
    private readonly List<ChildHost> _hosts = [];
    private readonly ClusterServices _services;

    private Deployment(ClusterServices services, ClusterSettings cluster, TimeSpan deadline)
    {
        _services = services;
        Cluster = cluster;
        // The lease is the shortest there is: what a killed host left is taken up by others once its lease has run out.
        Settings = ["Cluster:NodeLease=00:00:03", $"Cluster:Deadline={deadline:c}"];
    }

    /// <summary>The databases of a host that is to be part of it.</summary>
    public ClusterSettings Cluster { get; private set; }

    /// <summary>The options of all its hosts: KEY=VALUE each.</summary>
    public IReadOnlyList<string> Settings { get; }

    /// <summary>All servers are well, the databases and Redis empty.</summary>
    /// <param name="services">The servers.</param>
    /// <param name="deadline">
    /// Of a shard's answers; long, where none is to hang: a busy machine stalls for some seconds, which must not pass for a fault.
    /// </param>
    public static async Task<Deployment> CreateAsync(ClusterServices services, TimeSpan? deadline = null)
    {
        await services.HealAsync();
        await services.EmptyRedisAsync();
        return new Deployment(services, await services.MakeDatabaseAsync(), deadline ?? TimeSpan.FromSeconds(20));
    }

    /// <summary>Databases on the same servers, as more shards; to be called before the first host starts.</summary>
    public async Task AddShardsAsync(int shards)
    {
        while (Cluster.Shards.Count < shards)
            Cluster = Cluster with { Shards = [.. Cluster.Shards, .. (await _services.MakeDatabaseAsync()).Shards] };
    }

    /// <summary>Starts another host and waits until it takes connections.</summary>
    public Task<ChildHost> StartHostAsync(params string[] settings) => StartHostAsync(HostPlan.BesideThisProgram, settings);

    /// <summary>Starts a host of another build.</summary>
    public async Task<ChildHost> StartHostAsync(string program, string[] settings)
    {
        var folder = new ScratchFolder("end-to-end");
        _folders.Add(folder);
        var plan = TestHost.Plan(folder, [.. Settings, .. settings]);
        var host = await ChildHost.StartAsync(
            plan with { Program = program, Cluster = Cluster, HasOpsPort = program == HostPlan.BesideThisProgram });
        _hosts.Add(host);
        return host;
    }

    /// <summary>Makes people before the first host starts, and answers their tokens.</summary>
    public async Task<string[]> MakeRobotsAsync(int count)
    {
        var folder = new ScratchFolder("end-to-end");
        _folders.Add(folder);
        return await RobotFactory.FillAsync(folder, Cluster, count, TestContext.Current.CancellationToken);
    }

    /// <summary>Starts so many hosts at once.</summary>
    public Task<ChildHost[]> StartHostsAsync(int count, params string[] settings) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(_ => StartHostAsync(settings)));

    /// <summary>Which shard a user lives in.</summary>
    public static int ShardOf(long uid) => (int)(uid % 1024 % ClusterServices.Shards);

    /// <inheritdoc cref="ShardOf(long)"/>
    public static int ShardOf(SwiperClient client) => ShardOf(client.Uid!.Value);

    /// <summary>Rows of a shard, all of whose columns are numbers.</summary>
    public async Task<List<long[]>> QueryAsync(int shard, string sql) =>
        [.. (await _services.AskMySqlAsync(Cluster.Shards[shard], sql)).Select(row => row.Split('\t').Select(long.Parse).ToArray())];

    /// <summary>Everything that was begun has come to its end: no batch of any host is open, whether its host lives or not.</summary>
    public async Task SettledAsync()
    {
        for (var shard = 0; shard < ClusterServices.Shards; shard++)
            await Eventually.HoldsAsync(async () =>
                (await QueryAsync(shard, "SELECT batch FROM journal LIMIT 1")).Count == 0, $"the journal of shard {shard} is empty");
    }

    /// <summary>The index has what was answered without it.</summary>
    public async Task IndexedAsync()
    {
        for (var shard = 0; shard < ClusterServices.Shards; shard++)
        {
            await Eventually.HoldsAsync(
                async () => (await QueryAsync(shard, "SELECT batch FROM journal WHERE answered <> 0 LIMIT 1")).Count == 0,
                $"the index has the batches of shard {shard}");
        }
    }

    /// <summary>What the shards say. Nothing may be under way.</summary>
    public async Task<Truth> ReadTruthAsync()
    {
        var truth = new Truth();
        for (var shard = 0; shard < ClusterServices.Shards; shard++)
        {
            var answers = new Dictionary<string, List<long[]>>();
            foreach (var sql in Truth.Queries)
                answers[sql] = await QueryAsync(shard, sql);
            truth.AddShard(sql => answers[sql]);
        }
        return truth;
    }

    public ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
            host.Dispose();
        foreach (var folder in _folders)
            folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
