using System.Data.Common;
using System.Diagnostics;
using System.Net;
using Swiper.Local.Processes;
using Swiper.Local.Services;

namespace Swiper.EndToEnd.Cluster;

/// <summary>
/// The MariaDB servers and the Redis of `./swiper services`, in a folder and on ports of their own. Anything may be done to each of them;
/// at the end nothing is left.
/// </summary>
public class ClusterServices : IAsyncLifetime
{
    public const int Shards = 2;

    private ThrowawayServices? _services;
    private int _databases;

    public ClusterServices()
        : this(redisNodes: 1)
    {
    }

    protected ClusterServices(int redisNodes) => RedisNodes = redisNodes;

    public int RedisNodes { get; }

    /// <summary>Where the first Redis listens.</summary>
    public int RedisPort => PortOfRedis(0);

    internal ClusterSettings Cluster => Services.Cluster;

    private ThrowawayServices Services => _services!;

    public static string NameOfShard(int shard) => $"mysql-{shard}";

    public static string NameOfRedis(int node) => $"redis-{node}";

    public async ValueTask InitializeAsync() => _services =
        await ThrowawayServices.StartAsync("end-to-end", Shards, redisCluster: RedisNodes > 1, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Services.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Starts what is down, wakes what is suspended, and returns when all answer.</summary>
    internal Task HealAsync() => Services.UpAsync();

    /// <summary>SIGKILL to one server.</summary>
    internal async Task KillAsync(string name)
    {
        var pid = Services.ProcessId(name);
        Process.GetProcessById(pid).Kill();
        // What nobody has waited for keeps its number, but neither memory nor files.
        await Eventually.HoldsAsync(() => !Directory.Exists($"/proc/{pid}/cwd"), $"{name} has ended");
    }

    /// <summary>SIGSTOP: its connections stay, and nothing is answered any more.</summary>
    internal void Suspend(string name) => Signals.Suspend(Services.ProcessId(name));

    /// <summary>SIGCONT.</summary>
    internal void Resume(string name) => Signals.Resume(Services.ProcessId(name));

    /// <summary>Forgets all that every Redis has.</summary>
    internal async Task EmptyRedisAsync()
    {
        for (var node = 0; node < RedisNodes; node++)
            Assert.Equal("OK", (await AskRedisAsync(node, "flushall")).Trim());
    }

    internal async Task<string> AskRedisAsync(int node, params string[] command)
    {
        var asked = await ProgramRun.OfAsync("redis-cli", ["-p", $"{PortOfRedis(node)}", .. command]);
        Assert.True(asked.ExitCode == 0, asked.Errors);
        return asked.Output;
    }

    /// <summary>An empty database on every shard, of a name that no other test has: the settings of hosts on it.</summary>
    internal async Task<ClusterSettings> MakeDatabaseAsync()
    {
        var name = $"swiper_{Interlocked.Increment(ref _databases)}";
        for (var shard = 0; shard < Shards; shard++)
            await AskMySqlAsync(Cluster.Shards[shard], $"CREATE DATABASE {name}");
        return Cluster with
        {
            Shards = [.. Cluster.Shards.Select(shard => new DbConnectionStringBuilder
            {
                ConnectionString = shard, ["Database"] = name,
            }.ConnectionString)],
        };
    }

    /// <summary>Runs SQL as the hosts' account on the database of a shard; answers the rows, their columns divided by tabs.</summary>
    internal Task<string[]> AskMySqlAsync(string shard, string sql)
    {
        var settings = new DbConnectionStringBuilder { ConnectionString = shard };
        return RunSqlAsync(sql, $"--defaults-file={Path.Combine(Services.Folder, "mysql.cnf")}", "--protocol=tcp",
            $"--port={settings["Port"]}", $"--database={settings["Database"]}");
    }

    /// <summary>Runs SQL as the server's administrator, for whom one connection more than for others is kept.</summary>
    internal Task<string[]> AdministerAsync(int shard, string sql) => RunSqlAsync(sql, AsAdministrator(shard));

    /// <summary>Begins to run SQL as the administrator.</summary>
    internal Process Administer(int shard, string sql) => Process.Start("mariadb", [.. AsAdministrator(shard), "-e", sql]);

    /// <summary>A session of the administrator that runs the lines it is written, and answers rows a line each.</summary>
    internal Process AdministerBySession(int shard) => Process.Start(
        new ProcessStartInfo("mariadb", [.. AsAdministrator(shard), "--batch", "--skip-column-names", "--unbuffered"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;

    /// <summary>Where the administrator of a server connects.</summary>
    internal string SocketOf(int shard) => Path.Combine(Services.Folder, NameOfShard(shard), "mysql.sock");

    private string[] AsAdministrator(int shard) => ["--no-defaults", "--socket=" + SocketOf(shard)];

    private int PortOfRedis(int node) => IPEndPoint.Parse(Cluster.Redis[node]).Port;

    private static async Task<string[]> RunSqlAsync(string sql, params string[] connection)
    {
        var asked = await ProgramRun.OfAsync("mariadb", [.. connection, "--batch", "--skip-column-names", "-e", sql]);
        Assert.True(asked.ExitCode == 0, $"{string.Join(' ', connection)}: {asked.Errors}");
        return asked.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
