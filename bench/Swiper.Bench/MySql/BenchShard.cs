using Swiper.Local.Processes;
using Swiper.Local.Services;
using Swiper.Storage.MySql;

namespace Swiper.Bench.MySql;

/// <summary>An empty MySQL shard on a private server. Deleted by Dispose, or when a signal ends this process.</summary>
internal sealed class BenchShard : IDisposable
{
    private readonly ThrowawayServices _services;
    private readonly ShardServer _server;

    private BenchShard(ThrowawayServices services)
    {
        _services = services;
        _server = new ShardServer(0, services.Cluster.Shards[0], deadline: TimeSpan.FromMinutes(1));
        MySqlMigrator.Shard.Migrate(_server, 1);
        Connection = _server.Connect();
    }

    public ShardConnection Connection { get; }

    public static BenchShard Start()
    {
        ExitOnSignal.Enable();
        return new BenchShard(ThrowawayServices.StartAsync("bench", shards: 1, redisCluster: false, CancellationToken.None)
            .GetAwaiter().GetResult());
    }

    public void Dispose()
    {
        Connection.Dispose();
        _server.Dispose();
        _services.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
