using System.Text.RegularExpressions;
using Swiper.Client;
using Swiper.EndToEnd.Running;

namespace Swiper.EndToEnd.Cluster;

/// <summary>Hosts on the servers of <see cref="ClusterServices"/>, with databases of their own that begin empty.</summary>
internal sealed partial class Deployment : IAsyncDisposable
{
    private readonly List<TemporaryFolder> _folders = [];
    private readonly List<HostProcess> _hosts = [];
    private readonly string _database;

    private Deployment(ClusterServices services, string database, TimeSpan deadline)
    {
        Services = services;
        _database = database;
        Environment = services.Settings.ToDictionary(
            setting => "Swiper__" + setting.Key.Replace(":", "__", StringComparison.Ordinal),
            setting => DatabasePart().Replace(setting.Value, $"Database={database}"));
        // The shortest there is: what a killed host left is taken up by others once its lease has run out.
        Environment["Swiper__Cluster__NodeLease"] = "00:00:03";
        Environment["Swiper__Cluster__Deadline"] = $"{deadline:c}";
    }

    public ClusterServices Services { get; }

    /// <summary>The settings of a host that is to be part of it.</summary>
    public Dictionary<string, string> Environment { get; }

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
        const string Shard = "Swiper__Cluster__Shards__";
        var servers = Enumerable.Range(0, ClusterServices.Shards).Select(server => Environment[$"{Shard}{server}"]).ToArray();
        for (var shard = servers.Length; shard < shards; shard += servers.Length)
        {
            var database = await Services.MakeDatabaseAsync();
            for (var server = 0; server < servers.Length; server++)
                Environment[$"{Shard}{shard + server}"] = DatabasePart().Replace(servers[server], $"Database={database}");
        }
    }

    /// <summary>Starts another host and waits until it takes connections.</summary>
    public async Task<HostProcess> StartHostAsync(params string[] settings)
    {
        var folder = new TemporaryFolder();
        _folders.Add(folder);
        var host = await HostProcess.StartAsync(folder, Environment, ["Storage:Engine=cluster", .. settings]);
        _hosts.Add(host);
        return host;
    }

    /// <summary>Starts so many hosts at once.</summary>
    public Task<HostProcess[]> StartHostsAsync(int count, params string[] settings) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(_ => StartHostAsync(settings)));

    /// <summary>Which shard a user lives in.</summary>
    public static int ShardOf(long uid) => (int)(uid % 1024 % ClusterServices.Shards);

    /// <inheritdoc cref="ShardOf(long)"/>
    public static int ShardOf(SwiperClient client) => ShardOf(client.Uid!.Value);

    /// <summary>Rows of a shard, all of whose columns are numbers.</summary>
    public async Task<List<long[]>> QueryAsync(int shard, string sql) =>
        [.. (await Services.AskMySqlAsync(shard, _database, sql)).Select(row => row.Split('\t').Select(long.Parse).ToArray())];

    /// <summary>Everything that was begun has come to its end: no batch of any host is open, whether its host lives or not.</summary>
    public async Task SettledAsync()
    {
        for (var shard = 0; shard < ClusterServices.Shards; shard++)
            await Wait.UntilAsync($"the journal of shard {shard} is empty", async () =>
                (await QueryAsync(shard, "SELECT batch FROM journal LIMIT 1")).Count == 0);
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

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
            await host.DisposeAsync();
        foreach (var folder in _folders)
            folder.Dispose();
    }

    [GeneratedRegex("Database=[^;]*")]
    private static partial Regex DatabasePart();
}
