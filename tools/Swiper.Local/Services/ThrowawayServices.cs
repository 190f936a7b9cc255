using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Swiper.Local.Services;

/// <summary>
/// MariaDB servers and Redis for one run, in a folder and on ports of their own, never a developer's instance. Disposed, they are deleted;
/// so they are however this process ends, short of being killed itself.
/// </summary>
internal sealed class ThrowawayServices : IAsyncDisposable
{
    private const string PortInUse = "another program listens";
    private const int Tries = 3;

    // Below what systems hand out by themselves; and what `services up` takes of ports from its base on.
    private const int LowestPort = 20_000;
    private const int HighestPort = 32_000;
    private const int Ports = 24;

    private readonly Lock _gate = new();
    private readonly PosixSignalRegistration _hangUp;
    private Dictionary<string, string> _settings = [];
    private bool _isGone;

    private ThrowawayServices(string purpose)
    {
        Folder = Path.Combine(ServicesScript.Root, ".swiper", $"{purpose}-{Guid.NewGuid().ToString("n")[..8]}");
        AppDomain.CurrentDomain.ProcessExit += EndWithThisProcess;
        AppDomain.CurrentDomain.UnhandledException += EndWithThisProcess;
        _hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, _ => End());
    }

    public string Folder { get; }

    /// <summary>The connection string of each shard.</summary>
    public IReadOnlyList<string> Shards =>
        [.. Enumerable.Range(0, _settings.Count).Select(shard => _settings.GetValueOrDefault($"Cluster:Shards:{shard}")).OfType<string>()];

    /// <summary>host:port, of each node.</summary>
    public IReadOnlyList<string> Redis => _settings["Cluster:Redis"].Split(',');

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

    /// <summary>What a host's options must say to run on these services, KEY=VALUE each. With the password: for this process alone.</summary>
    public IReadOnlyList<string> Settings =>
        ["Storage:Engine=cluster", $"Cluster:Redis={string.Join(',', Redis)}", .. Shards.Select((shard, number) => $"Cluster:Shards:{number}={shard}")];

    /// <summary>
    /// Has a host, or a tool that takes the same options, run on these services. By the environment: on a command line anyone could read the
    /// password.
    /// </summary>
    /// <param name="start">Of the process.</param>
    /// <param name="shards">Use the first so many only; else all.</param>
    public void Configure(ProcessStartInfo start, int? shards = null)
    {
        foreach (var inherited in start.Environment.Keys.Where(key => key.StartsWith("Swiper__Cluster__", StringComparison.OrdinalIgnoreCase)).ToArray())
            start.Environment.Remove(inherited);
        start.Environment["Swiper__Storage__Engine"] = "cluster";
        start.Environment["Swiper__Cluster__Redis"] = string.Join(',', Redis);
        foreach (var (number, shard) in Shards.Take(shards ?? int.MaxValue).Index())
            start.Environment[$"Swiper__Cluster__Shards__{number}"] = shard;
    }

    /// <summary>The process of a server.</summary>
    /// <param name="server">mysql-0, mysql-1, ... or redis-0, ...</param>
    public int ProcessId(string server) => int.Parse(File.ReadAllText(Path.Combine(Folder, $"{server}.pid")), CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        await Task.Run(End);
        AppDomain.CurrentDomain.ProcessExit -= EndWithThisProcess;
        AppDomain.CurrentDomain.UnhandledException -= EndWithThisProcess;
        _hangUp.Dispose();
    }

    private async Task UpAsync(int shards, bool redisCluster)
    {
        var output = await ServicesScript.RunAsync(
            ["up", "--folder", Folder, "--base-port", $"{FreePorts()}", "--shards", $"{shards}", .. redisCluster ? (string[])["--redis-cluster"] : []]);
        _settings = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
    }

    private void End()
    {
        lock (_gate)
        {
            if (_isGone)
                return;
            _isGone = true;
            try
            {
                ServicesScript.RunAsync("down", "--folder", Folder, "--delete").GetAwaiter().GetResult();
            }
            catch (ServicesException)
            {
                // It does not delete what an `up` had only just begun to make.
            }
            if (Directory.Exists(Folder))
                Directory.Delete(Folder, recursive: true);
        }
    }

    private void EndWithThisProcess(object? sender, EventArgs e) => End();

    private static int FreePorts()
    {
        while (true)
        {
            var first = Random.Shared.Next(LowestPort, HighestPort);
            if (Enumerable.Range(first, Ports).All(IsFree))
                return first;
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            probe.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
