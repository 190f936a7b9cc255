using System.Globalization;
using Swiper.Local.Processes;

namespace Swiper.Local.Services;

/// <summary>
/// Private MariaDB servers and Redis for one run, in their own folder and on their own ports, never a developer's instance. Deleted by
/// Dispose, and however this process ends, short of SIGKILL.
/// </summary>
internal sealed class ThrowawayServices : IAsyncDisposable
{
    private const string PortInUse = "another program listens";
    private const int Tries = 3;

    // Size of the port range that `services up` uses from its base port.
    private const int Ports = 24;

    private readonly Lock _gate = new();
    private readonly int _basePort = FreePorts.Find(Ports);
    private readonly int _shards;
    private readonly bool _redisCluster;
    private readonly IDisposable _exitHook;
    private bool _isGone;

    private ThrowawayServices(string purpose, int shards, bool redisCluster)
    {
        (_shards, _redisCluster) = (shards, redisCluster);
        Folder = ScratchFolder.NewPath(purpose);
        _exitHook = ExitHooks.Register(End);
    }

    public string Folder { get; }

    /// <summary>The settings for a host to use them.</summary>
    public ClusterSettings Cluster { get; private set; } = new([], []);

    /// <summary>The process of each server: mysql-0, mysql-1, ..., redis-0, ...</summary>
    public IReadOnlyList<(string Name, int Process)> Processes =>
    [
        .. Names("mysql", Cluster.Shards.Count).Concat(Names("redis", Cluster.Redis.Count)).Select(name => (name, ProcessId(name))),
    ];

    /// <param name="purpose">Prefix of the folder's name.</param>
    /// <param name="shards">Number of MariaDB servers.</param>
    /// <param name="redisCluster">A Redis Cluster of three nodes instead of one Redis.</param>
    /// <param name="cancellation">Observed only after they have started: a start is never interrupted halfway.</param>
    /// <exception cref="ServicesException">They failed to start; the message says why.</exception>
    public static async Task<ThrowawayServices> StartAsync(string purpose, int shards, bool redisCluster, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            cancellation.ThrowIfCancellationRequested();
            var services = new ThrowawayServices(purpose, shards, redisCluster);
            try
            {
                await services.UpAsync();
                cancellation.ThrowIfCancellationRequested();
                return services;
            }
            catch (ServicesException exception) when (attempt < Tries && exception.Message.Contains(PortInUse, StringComparison.Ordinal))
            {
                // Another program took one of the ports in the meantime.
                await services.DisposeAsync();
            }
            catch
            {
                await services.DisposeAsync();
                throw;
            }
        }
    }

    /// <summary>Starts what is down, wakes what is suspended, and returns when all answer.</summary>
    /// <exception cref="ServicesException">One does not; the message says why.</exception>
    public async Task UpAsync()
    {
        var output = await ServicesScript.RunAsync(
            ["up", "--folder", Folder, "--base-port", $"{_basePort}", "--shards", $"{_shards}", .. _redisCluster
                ? (string[])["--redis-cluster"] : []]);
        var settings = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair[1]);
        Cluster = new ClusterSettings([.. Enumerable.Range(0, _shards).Select(shard => settings[$"Cluster:Shards:{shard}"])],
            settings["Cluster:Redis"].Split(','));
    }

    /// <summary>The process of a server, by its name in <see cref="Processes"/>.</summary>
    public int ProcessId(string name) => int.Parse(File.ReadAllText(Path.Combine(Folder, $"{name}.pid")), CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        // The hook stays until they are stopped, because this process may end first.
        await Task.Run(End);
        _exitHook.Dispose();
    }

    private void End()
    {
        lock (_gate)
        {
            if (_isGone)
                return;
            Down();
            if (Directory.Exists(Folder))
                Directory.Delete(Folder, recursive: true);
            _isGone = true;
        }
    }

    // Retried on failure: whoever kills this process may also kill its children, as BenchmarkDotNet does with benchmark processes. Without
    // the folder the servers could no longer be found.
    private void Down()
    {
        for (var left = Tries - 1; left >= 0; left--)
        {
            try
            {
                ServicesScript.RunAsync("down", "--folder", Folder, "--delete").GetAwaiter().GetResult();
                return;
            }
            catch (ServicesException)
            {
                // `down` does not delete a folder that `up` had only begun to create.
            }
        }
    }

    private static IEnumerable<string> Names(string server, int count) =>
        Enumerable.Range(0, count).Select(number => $"{server}-{number}");
}
