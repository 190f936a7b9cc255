using Swiper.Compare.Peers;
using Swiper.Compare.Processes;
using Swiper.Local.Hosts;

namespace Swiper.Compare.Rows;

/// <summary>
/// The servers of a run, each started on first use and kept until the end: an idle one costs the others nothing.
/// </summary>
internal sealed class Subjects : IDisposable
{
    private const string Transport = "Listen:Transport";
    private const string Metrics = "Ops:Metrics";

    // In order of first use: a dependency is disposed after its dependents.
    private readonly List<IDisposable> _started = [];
    private readonly SwiperHostPlan _plan;
    private readonly Lazy<SwiperHost> _swiper;
    private readonly Lazy<SwiperHost> _swiperInMemory;
    private readonly Lazy<SwiperHost> _swiperOnEpoll;
    private readonly Lazy<SwiperHost> _swiperOnSockets;
    private readonly Lazy<SwiperHost> _swiperCounting;
    private readonly Lazy<SwiperHost> _swiperUncounted;
    private readonly Lazy<TlsCertificate> _certificate;
    private readonly Lazy<SwiperHost> _swiperOverTls;
    private readonly Lazy<ServerProcess> _stockKestrelOverTls;
    private readonly Lazy<ServerProcess> _bestKestrelOverTls;
    private readonly Lazy<ClusterServers> _cluster;
    private readonly Lazy<MySqlBatches> _mySql;
    private readonly Lazy<BareRedis> _redis;
    private readonly Lazy<ServerProcess> _stockKestrel;
    private readonly Lazy<ServerProcess> _bestKestrel;
    private readonly Lazy<ServerProcess> _epollEcho;
    private readonly Lazy<IJobServer> _httpJson;
    private readonly Lazy<IJobServer> _signalR;
    private readonly Lazy<IJobServer> _grpc;
    private readonly Lazy<SqliteBatches> _sqlite;
    private readonly Lazy<long[]> _people;
    private readonly Lazy<long[]> _peopleInMemory;
    private readonly Lazy<SwiperHost> _swiperOfBlocks;
    private readonly Lazy<long[]> _peopleOfBlocks;
    private readonly Lazy<int> _board;

    /// <param name="plan">The plan of the measured host.</param>
    /// <param name="onCluster">Run the host on MySQL and Redis.</param>
    public Subjects(SwiperHostPlan plan, bool onCluster)
    {
        _plan = plan;
        _cluster = OnDemand(() => new ClusterServers());
        _swiper = OnDemand(() => new SwiperHost(plan with { Cluster = onCluster ? Cluster : null }));
        _swiperInMemory = OnDemand(() => new SwiperHost(plan with { DataParent = MemoryDisk.Path }));
        _swiperOnEpoll = OnDemand(() => With(Transport, "epoll"));
        _swiperOnSockets = OnDemand(() => With(Transport, "sockets"));
        _swiperCounting = OnDemand(() => With(Metrics, "true"));
        _swiperUncounted = OnDemand(() => With(Metrics, "false"));
        _certificate = OnDemand(() => new TlsCertificate());
        _swiperOverTls = OnDemand(FreshSwiperOverTls);
        _stockKestrelOverTls = OnDemand(() => KestrelEcho.Start(best: false, _certificate.Value));
        _bestKestrelOverTls = OnDemand(() => KestrelEcho.Start(best: true, _certificate.Value));
        _people = new(() => Swiper.Robots.Uids(Swiper.EndPoint));
        _peopleInMemory = new(() => SwiperInMemory.Robots.Uids(SwiperInMemory.EndPoint));
        _swiperOfBlocks = OnDemand(() => FreshSwiper(plan.Robots));
        _peopleOfBlocks = new(() => SwiperOfBlocks.Robots.Uids(SwiperOfBlocks.EndPoint));
        _board = new(() => HotPeople.Make(Swiper, People()));
        _mySql = OnDemand(() => new MySqlBatches(Cluster, People()));
        _redis = new(() => onCluster ? new BareRedis(Cluster.RedisEndPoint, Cluster.Redis, People()) : RedisAlone());
        _stockKestrel = OnDemand(() => KestrelEcho.Start(best: false));
        _bestKestrel = OnDemand(() => KestrelEcho.Start(best: true));
        _epollEcho = OnDemand(Peers.EpollEcho.Start);
        _httpJson = OnDemand<IJobServer>(JsonJobServer.HttpJson);
        _signalR = OnDemand<IJobServer>(JsonJobServer.SignalR);
        _grpc = OnDemand<IJobServer>(() => new Peers.GrpcJobServer());
        _sqlite = OnDemand(() => new SqliteBatches(Loads.Connections, Loads.Connections * Loads.Pipelined / 4));
    }

    public SwiperHost Swiper => _swiper.Value;

    /// <summary>A host whose files are in memory: shows the cost of a swipe without a disk.</summary>
    public SwiperHost SwiperInMemory => _swiperInMemory.Value;

    /// <summary>A host for blocks: nobody can swipe those whom they have blocked.</summary>
    public SwiperHost SwiperOfBlocks => _swiperOfBlocks.Value;

    public SwiperHost SwiperOnEpoll => _swiperOnEpoll.Value;

    public SwiperHost SwiperOnSockets => _swiperOnSockets.Value;

    /// <summary>A host that counts and times requests, as by default.</summary>
    public SwiperHost SwiperCounting => _swiperCounting.Value;

    /// <summary>The same, and it does not.</summary>
    public SwiperHost SwiperUncounted => _swiperUncounted.Value;

    public SwiperHost SwiperOverTls => _swiperOverTls.Value;

    public ServerProcess StockKestrelOverTls => _stockKestrelOverTls.Value;

    public ServerProcess BestKestrelOverTls => _bestKestrelOverTls.Value;

    public ServerProcess StockKestrel => _stockKestrel.Value;

    public ServerProcess BestKestrel => _bestKestrel.Value;

    public ServerProcess EpollEcho => _epollEcho.Value;

    public IJobServer HttpJson => _httpJson.Value;

    public IJobServer SignalR => _signalR.Value;

    public IJobServer Grpc => _grpc.Value;

    public SqliteBatches Sqlite => _sqlite.Value;

    public ClusterServers Cluster => _cluster.Value;

    public MySqlBatches MySql => _mySql.Value;

    public BareRedis Redis => _redis.Value;

    /// <summary>A separate host, for rows that read the state of the whole process.</summary>
    public SwiperHost FreshSwiper(int withRobots) => new(_plan with { Robots = withRobots });

    /// <summary>The same with an empty store and a TLS port.</summary>
    public SwiperHost FreshSwiperOverTls() => new(_plan with { Robots = 0, Certificate = _certificate.Value });

    /// <summary>Everyone a robot can swipe.</summary>
    public long[] People() => _people.Value;

    /// <summary>The same for <see cref="SwiperInMemory"/>.</summary>
    public long[] PeopleInMemory() => _peopleInMemory.Value;

    /// <summary>The same for <see cref="SwiperOfBlocks"/>.</summary>
    public long[] PeopleOfBlocks() => _peopleOfBlocks.Value;

    /// <summary>Fills Swiper's board with as many people as are requested: the top of an empty board would be cheap.</summary>
    public int FillBoard() => _board.Value;

    public void Dispose()
    {
        foreach (var subject in Enumerable.Reverse(_started))
            subject.Dispose();
    }

    private Lazy<T> OnDemand<T>(Func<T> start) where T : IDisposable => new(() =>
    {
        var subject = start();
        _started.Add(subject);
        return subject;
    });

    private BareRedis RedisAlone()
    {
        var server = RedisServer.Start();
        _started.Add(server);
        return new BareRedis(server.EndPoint, server.Group, People());
    }

    // Echoes need no users.
    private SwiperHost With(string option, string value)
    {
        try
        {
            return new SwiperHost(_plan with { Robots = 0, Settings = [.. _plan.Settings, $"{option}={value}"] });
        }
        catch (HostException e) when (e.Message.Contains($"{option}: no such option", StringComparison.Ordinal))
        {
            throw new PeerMissingException($"this host has no option {option}");
        }
    }
}
