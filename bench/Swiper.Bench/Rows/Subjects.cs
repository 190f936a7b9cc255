using Swiper.Bench.Peers;
using Swiper.Bench.Processes;

namespace Swiper.Bench.Rows;

/// <summary>The servers of a run, each started when the first row asks for it and kept until the end: an idle one costs the others nothing.</summary>
internal sealed class Subjects(string host, int robots) : IDisposable
{
    private readonly Lazy<SwiperHost> _swiper = new(() => new SwiperHost(host, robots));
    private readonly Lazy<ServerProcess> _stockKestrel = new(() => KestrelEcho.Start(best: false));
    private readonly Lazy<ServerProcess> _bestKestrel = new(() => KestrelEcho.Start(best: true));
    private readonly Lazy<ServerProcess> _epollEcho = new(Peers.EpollEcho.Start);
    private readonly Lazy<SqliteBatches> _sqlite = new(() => new SqliteBatches(Loads.Connections, Loads.Connections * Loads.Pipelined / 4));
    private long[]? _people;

    public SwiperHost Swiper => _swiper.Value;

    public ServerProcess StockKestrel => _stockKestrel.Value;

    public ServerProcess BestKestrel => _bestKestrel.Value;

    public ServerProcess EpollEcho => _epollEcho.Value;

    public SqliteBatches Sqlite => _sqlite.Value;

    /// <summary>A host of its own, for rows that read the state of a whole process.</summary>
    public SwiperHost FreshSwiper(int withRobots) => new(host, withRobots);

    /// <summary>Everybody whom a robot can swipe.</summary>
    public long[] People() => _people ??= Swiper.Robots.Uids(Swiper.Process.EndPoint);

    public void Dispose()
    {
        DisposeStarted(_swiper);
        DisposeStarted(_stockKestrel);
        DisposeStarted(_bestKestrel);
        DisposeStarted(_epollEcho);
        DisposeStarted(_sqlite);
    }

    private static void DisposeStarted<T>(Lazy<T> subject) where T : IDisposable
    {
        if (subject.IsValueCreated)
            subject.Value.Dispose();
    }
}
