using System.Diagnostics;
using System.Net;
using Swiper.Local.Services;

namespace Swiper.Compare.Processes;

/// <summary>
/// The databases of a run on the cluster: MariaDB servers that are Swiper's shards, one more with the same settings for the bare rival, and
/// Redis, all on this machine and deleted afterwards.
/// </summary>
internal sealed class ClusterServers : IDisposable
{
    private const int Shards = 2;

    private readonly ThrowawayServices _services = ThrowawayServices.StartAsync("bench", Shards + 1, redisCluster: false, CancellationToken.None).GetAwaiter().GetResult();

    public ClusterServers()
    {
        OfSwiper = [.. Enumerable.Range(0, Shards).Select(shard => Member($"mysql-{shard}")), Member("redis-0")];
        BareMySql = new ServerGroup(Member($"mysql-{Shards}"));
        Redis = new ServerGroup(Member("redis-0"));
        RedisEndPoint = IPEndPoint.Parse(_services.Redis[0]);
    }

    /// <summary>The processes that work for the host.</summary>
    public IReadOnlyList<(string Name, int Process)> OfSwiper { get; }

    public ServerGroup BareMySql { get; }

    public string BareMySqlConnection => _services.Shards[Shards];

    public ServerGroup Redis { get; }

    public IPEndPoint RedisEndPoint { get; }

    /// <summary>Has a process run on Swiper's part of them.</summary>
    public void Configure(ProcessStartInfo start) => _services.Configure(start, Shards);

    public void Dispose() => _services.DisposeAsync().AsTask().GetAwaiter().GetResult();

    private (string Name, int Process) Member(string name) => (name, _services.ProcessId(name));
}
