using System.Globalization;
using Swiper.Storage.Tests.MySql;
using Swiper.Storage.Tests.Redis;

namespace Swiper.Storage.Tests.Cluster;

/// <summary>
/// A MariaDB server, whose databases are the shards, and a Redis: one of each for all tests of the cluster engine, which have databases
/// of their own.
/// </summary>
public sealed class ClusterServers : IDisposable
{
    private const int Databases = 10_000;

    private readonly MariaDbServer _mariaDb = new();
    private readonly TemporaryFolder _folder = new();
    private readonly RedisProcess _redis;
    private int _last;

    public ClusterServers()
    {
        _redis = new RedisProcess(_folder.Path, "--databases", Databases.ToString(CultureInfo.InvariantCulture));
        _mariaDb.AllowManyConnections();
    }

    /// <summary>A connection string for a new, empty shard.</summary>
    public string NewShard() => _mariaDb.NewDatabase();

    /// <summary>A configuration for an empty Redis.</summary>
    public string NewRedis() => string.Create(
        CultureInfo.InvariantCulture, $"{_redis.Address},defaultDatabase={Interlocked.Increment(ref _last) % Databases}");

    /// <summary>Empties what <see cref="NewRedis"/> has returned.</summary>
    public void EmptyRedis(string configuration) => _redis.Command(
        "EVAL", "redis.call('SELECT', ARGV[1]) return redis.call('FLUSHDB')", "0", configuration[(configuration.LastIndexOf('=') + 1)..]);

    public void Dispose()
    {
        _redis.Dispose();
        _mariaDb.Dispose();
        _folder.Dispose();
    }
}

[CollectionDefinition(nameof(ClusterCollection))]
public sealed class ClusterCollection : ICollectionFixture<ClusterServers>;
