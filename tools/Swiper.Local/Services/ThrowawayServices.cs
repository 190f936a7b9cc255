using System.Globalization;
using Swiper.Local.Processes;

namespace Swiper.Local.Services;

/// <summary>
/// MariaDB servers and Redis for one run, in a folder and on ports of their own, never a developer's instance. Disposed, they are deleted;
/// so they are however this process ends, short of being killed itself.
/// </summary>
internal sealed class ThrowawayServices : IAsyncDisposable
{
    private const string PortInUse = "another program listens";
    private const int Tries = 3;

    // What `services up` takes of ports from its base on.
    private const int Ports = 24;

    private readonly Lock _gate = new();
    private readonly IDisposable _exitHook;
    private bool _isGone;

    private ThrowawayServices(string purpose)
    {
        Folder = ScratchFolder.NewPath(purpose);
        _exitHook = ExitHooks.Register(End);
    }

    public string Folder { get; }

    /// <summary>How a host gets there.</summary>
    public ClusterSettings Cluster { get; private set; } = new([], []);

    /// <summary>The process of each server: mysql-0, mysql-1, ..., redis-0, ...</summary>
    public IReadOnlyList<(string Name, int Process)> Processes =>
    [
        .. Names("mysql", Cluster.Shards.Count).Concat(Names("redis", Cluster.Redis.Count)).Select(name => (name, ProcessId(name))),
    ];

    /// <param name="purpose">Names the folder.</param>
    /// <param name="shards">MariaDB servers.</param>
    /// <param name="redisCluster">A Redis Cluster of three nodes rather than one Redis.</param>
    /// <param name="cancellation">Heeded once they have started: what starts is not cut off in the middle.</param>
    /// <exception cref="ServicesException">They do not start; the message says why.</exception>
    public static async Task<ThrowawayServices> StartAsync(string purpose, int shards, bool redisCluster, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            cancellation.ThrowIfCancellationRequested();
            var services = new ThrowawayServices(purpose);
            try
            {
                await services.UpAsync(shards, redisCluster);
                cancellation.ThrowIfCancellationRequested();
                return services;
            }
            catch (ServicesException exception) when (attempt < Tries && exception.Message.Contains(PortInUse, StringComparison.Ordinal))
            {
                // Somebody took one of the ports in between.
                await services.DisposeAsync();
            }
            catch
            {
                await services.DisposeAsync();
                throw;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        // Until they are gone, this process may end.
        await Task.Run(End);
        _exitHook.Dispose();
    }

    private async Task UpAsync(int shards, bool redisCluster)
    {
        var output = await ServicesScript.RunAsync(
            ["up", "--folder", Folder, "--base-port", $"{FreePorts.Find(Ports)}", "--shards", $"{shards}", .. redisCluster
                ? (string[])["--redis-cluster"] : []]);
        var settings = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair[1]);
        Cluster = new ClusterSettings([.. Enumerable.Range(0, shards).Select(shard => settings[$"Cluster:Shards:{shard}"])],
            settings["Cluster:Redis"].Split(','));
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

    // Again where it fails: whoever ends this process may end all that it has started, too, as BenchmarkDotNet does with a benchmark's
    // process. Once the folder is gone, nothing finds the servers any more.
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
                // Nor does it delete what an `up` had only just begun to make.
            }
        }
    }

    private static IEnumerable<string> Names(string server, int count) =>
        Enumerable.Range(0, count).Select(number => $"{server}-{number}");

    private int ProcessId(string name) => int.Parse(File.ReadAllText(Path.Combine(Folder, $"{name}.pid")), CultureInfo.InvariantCulture);
}
