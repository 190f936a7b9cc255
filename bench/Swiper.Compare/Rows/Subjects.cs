using Swiper.Compare.Peers;
using Swiper.Compare.Processes;

namespace Swiper.Compare.Rows;

/// <summary>The servers of a run, each started when the first row asks for it and kept until the end: an idle one costs the others nothing.</summary>
internal sealed class Subjects : IDisposable
{
    private readonly string _host;
    private readonly Lazy<SwiperHost> _swiper;
    private readonly Lazy<ClusterServers> _cluster = new(() => new ClusterServers());
    private readonly Lazy<MySqlBatches> _mySql;
    private readonly Lazy<BareRedis> _redis;
    private readonly Lazy<ServerProcess> _stockKestrel = new(() => KestrelEcho.Start(best: false));
    private readonly Lazy<ServerProcess> _bestKestrel = new(() => KestrelEcho.Start(best: true));
    private readonly Lazy<ServerProcess> _epollEcho = new(Peers.EpollEcho.Start);
    private readonly Lazy<SqliteBatches> _sqlite = new(() => new SqliteBatches(Loads.Connections, Loads.Connections * Loads.Pipelined / 4));
    private long[]? _people;

    /// <param name="host">Swiper.Host.dll.</param>
    /// <param name="robots">The users of its store.</param>
    /// <param name="onCluster">It runs on MySQL and Redis.</param>
    public Subjects(string host, int robots, bool onCluster)
    {
        _host = host;
        _swiper = new(() => new SwiperHost(host, robots, onCluster ? Cluster : null));
        _mySql = new(() => new MySqlBatches(Cluster, People()));
        _redis = new(() => new BareRedis(Cluster, People()));
    }

    public SwiperHost Swiper => _swiper.Value;

    public ServerProcess StockKestrel => _stockKestrel.Value;

    public ServerProcess BestKestrel => _bestKestrel.Value;

    public ServerProcess EpollEcho => _epollEcho.Value;

    public SqliteBatches Sqlite => _sqlite.Value;

    public ClusterServers Cluster => _cluster.Value;

    public MySqlBatches MySql => _mySql.Value;

    public BareRedis Redis => _redis.Value;

    /// <summary>A host of its own, for rows that read the state of a whole process.</summary>
    public SwiperHost FreshSwiper(int withRobots) => new(_host, withRobots);

    /// <summary>Everybody whom a robot can swipe.</summary>
    public long[] People() => _people ??= Swiper.Robots.Uids(Swiper.Process.EndPoint);

    public void Dispose()
    {
        DisposeStarted(_swiper);
        DisposeStarted(_stockKestrel);
        DisposeStarted(_bestKestrel);
        DisposeStarted(_epollEcho);
        DisposeStarted(_sqlite);
        DisposeStarted(_mySql);
        DisposeStarted(_cluster);
    }

    private static void DisposeStarted<T>(Lazy<T> subject) where T : IDisposable
    {
        if (subject.IsValueCreated)
            subject.Value.Dispose();
    }
}
