using System.Net;
using Swiper.Local.Processes;
using Swiper.Local.Services;

namespace Swiper.Compare.Processes;

/// <summary>
/// The databases of a cluster run: MariaDB servers for Swiper's shards, one more with the same settings for the bare rival, and Redis.
/// All run on this machine and are deleted afterwards.
/// </summary>
internal sealed class ClusterServers : IDisposable
{
    private const int Shards = 2;

    private readonly ThrowawayServices _services =
        ThrowawayServices.StartAsync("compare", Shards + 1, redisCluster: false, CancellationToken.None).GetAwaiter().GetResult();

    public ClusterServers()
    {
        var bareMySql = $"mysql-{Shards}";
        Processes = [.. _services.Processes.Where(server => server.Name != bareMySql)];
        BareMySql = GroupOf(bareMySql);
        Redis = GroupOf("redis-0");
        RedisEndPoint = IPEndPoint.Parse(_services.Cluster.Redis[0]);
    }

    /// <summary>Those used by Swiper.</summary>
    public ClusterSettings OfSwiper => _services.Cluster with { Shards = [.. _services.Cluster.Shards.Take(Shards)] };

    /// <summary>The processes that work for the host.</summary>
    public IReadOnlyList<(string Name, int Process)> Processes { get; }

    public ServerGroup BareMySql { get; }

    public string BareMySqlConnection => _services.Cluster.Shards[Shards];

    public ServerGroup Redis { get; }

    public IPEndPoint RedisEndPoint { get; }

    public void Dispose() => _services.DisposeAsync().AsTask().GetAwaiter().GetResult();

    private ServerGroup GroupOf(string name) => new([.. _services.Processes.Where(server => server.Name == name)]);
}
