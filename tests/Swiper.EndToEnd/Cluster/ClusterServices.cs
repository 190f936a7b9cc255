using System.Diagnostics;
using System.Globalization;
using Swiper.EndToEnd.Running;
using Swiper.Local.Processes;

namespace Swiper.EndToEnd.Cluster;

/// <summary>
/// The MariaDB servers and the Redis of `./swiper services`, in a folder and on ports of their own. Anything may be done to each of them;
/// at the end nothing is left.
/// </summary>
public class ClusterServices : IAsyncLifetime
{
    public const int Shards = 2;

    // What ./swiper services takes from its base port on.
    private const int Ports = 24;

    private readonly TemporaryFolder _folder = new();
    private readonly string[] _options;
    private int _basePort;
    private int _databases;

    public ClusterServices()
        : this(redisNodes: 1)
    {
    }

    protected ClusterServices(int redisNodes)
    {
        RedisNodes = redisNodes;
        _options = redisNodes == 1 ? [] : ["--redis-cluster"];
    }

    public int RedisNodes { get; }

    /// <summary>Where the first Redis listens.</summary>
    public int RedisPort => _basePort + 11;

    private string Folder => Path.Combine(_folder, "services");

    private string[] Names =>
        [.. Enumerable.Range(0, Shards).Select(NameOfShard), .. Enumerable.Range(0, RedisNodes).Select(NameOfRedis)];

    /// <summary>The settings as `up` told them: KEY=VALUE.</summary>
    internal IReadOnlyList<KeyValuePair<string, string>> Settings { get; private set; } = [];

    public static string NameOfShard(int shard) => $"mysql-{shard}";

    public static string NameOfRedis(int node) => $"redis-{node}";

    public async ValueTask InitializeAsync()
    {
        _basePort = FreePorts.Find(Ports);
        try
        {
            await HealAsync();
        }
        catch
        {
            // Nobody disposes of what could not be made.
            await DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await RunAsync("down", "--folder", Folder, "--delete");
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Starts what is down, wakes what is suspended, and returns when all answer.</summary>
    internal async Task HealAsync()
    {
        var output = await RunAsync(
            ["up", "--folder", Folder, "--base-port", _basePort.ToString(CultureInfo.InvariantCulture), "--shards", $"{Shards}",
                .. _options]);
        Settings = [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('=', 2))
            .Select(parts => new KeyValuePair<string, string>(parts[0], parts[1]))];
    }

    /// <summary>SIGKILL to one server.</summary>
    internal async Task KillAsync(string name)
    {
        var pid = PidOf(name);
        Process.GetProcessById(pid).Kill();
        // What nobody has waited for keeps its number, but neither memory nor files.
        await Wait.UntilAsync($"{name} has ended", () => !Directory.Exists($"/proc/{pid}/cwd"));
    }

    /// <summary>SIGSTOP: its connections stay, and nothing is answered any more.</summary>
    internal void Suspend(string name) => Suspension.Suspend(PidOf(name));

    /// <summary>SIGCONT.</summary>
    internal void Wake(string name) => Suspension.Resume(PidOf(name));

    /// <summary>Forgets all that every Redis has.</summary>
    internal async Task EmptyRedisAsync()
    {
        for (var node = 0; node < RedisNodes; node++)
            Assert.Equal("OK", (await AskRedisAsync(node, "flushall")).Trim());
    }

    internal async Task<string> AskRedisAsync(int node, params string[] command)
    {
        var asked = await BuiltProgram.RunAsync("redis-cli", ["-p", $"{RedisPort + node}", .. command]);
        Assert.True(asked.ExitCode == 0, asked.Error);
        return asked.Output;
    }

    /// <summary>An empty database on every shard, of a name that no other test has.</summary>
    internal async Task<string> MakeDatabaseAsync()
    {
        var name = $"swiper_{Interlocked.Increment(ref _databases)}";
        for (var shard = 0; shard < Shards; shard++)
            await AskMySqlAsync(shard, "", $"CREATE DATABASE {name}");
        return name;
    }

    /// <summary>Runs SQL as the hosts' account; answers the rows, their columns divided by tabs.</summary>
    internal Task<string[]> AskMySqlAsync(int shard, string database, string sql) =>
        AskMySqlAsync(shard, database, sql, $"--defaults-file={Path.Combine(Folder, "mysql.cnf")}", "--protocol=tcp",
            $"--port={_basePort + 1 + shard}");

    /// <summary>Runs SQL as the server's administrator, for whom one connection more than for others is kept.</summary>
    internal Task<string[]> AdministerAsync(int shard, string sql) => AskMySqlAsync(shard, "", sql, AsAdministrator(shard));

    /// <summary>Begins to run SQL as the administrator.</summary>
    internal Process Administer(int shard, string sql) => Process.Start("mariadb", [.. AsAdministrator(shard), "-e", sql]);

    /// <summary>A session of the administrator that runs the lines it is written, and answers rows a line each.</summary>
    internal Process AdministerBySession(int shard) => Process.Start(
        new ProcessStartInfo("mariadb", [.. AsAdministrator(shard), "--batch", "--skip-column-names", "--unbuffered"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;

    private string[] AsAdministrator(int shard) => ["--no-defaults", "--socket=" + Path.Combine(Folder, NameOfShard(shard), "mysql.sock")];

    private static async Task<string[]> AskMySqlAsync(int shard, string database, string sql, params string[] connection)
    {
        var asked = await BuiltProgram.RunAsync("mariadb", [.. connection, "--batch", "--skip-column-names", "-e", sql, database]);
        Assert.True(asked.ExitCode == 0, $"shard {shard}: {asked.Error}");
        return asked.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static async Task<string> RunAsync(params string[] arguments)
    {
        var ran = await BuiltProgram.RunAsync(Path.Combine(BuiltProgram.RepositoryRoot, "swiper"), ["services", .. arguments]);
        Assert.True(ran.ExitCode == 0, ran.Error);
        return ran.Output;
    }

    private int PidOf(string name)
    {
        Assert.Contains(name, Names);
        return int.Parse(File.ReadAllText(Path.Combine(Folder, name + ".pid")), CultureInfo.InvariantCulture);
    }
}
