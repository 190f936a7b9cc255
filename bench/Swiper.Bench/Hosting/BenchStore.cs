using Microsoft.Extensions.Logging.Abstractions;
using Swiper.Core.Accounts;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Core.Social;
using Swiper.Local;
using Swiper.Local.Processes;
using Swiper.Local.Robots;
using Swiper.Local.Services;
using Swiper.Storage;
using Swiper.Storage.Cluster;
using Swiper.Storage.Embedded;

namespace Swiper.Bench.Hosting;

/// <summary>
/// A real engine with users in it. Deleted by Dispose, or when a signal ends this process, which may be one of BenchmarkDotNet's.
/// </summary>
internal sealed class BenchStore : IDisposable
{
    private const int Shards = 4;
    private const int CachedProfiles = 100_000;

    private readonly Action _deletePlace;

    private BenchStore(IStorageEngine engine, SessionRegistry sessions, Action deletePlace)
    {
        Engine = engine;
        Sessions = sessions;
        _deletePlace = deletePlace;
    }

    public IStorageEngine Engine { get; }

    public SessionRegistry Sessions { get; }

    /// <summary>The addresses of its Redis; null for the embedded engine.</summary>
    public string? Redis { get; private init; }

    /// <summary>The users, in order of creation.</summary>
    public long[] Uids { get; private set; } = [];

    /// <summary>An embedded engine in a private folder.</summary>
    public static BenchStore StartEmbedded(int people)
    {
        ExitOnSignal.Enable();
        var folder = new ScratchFolder("bench");
        var sessions = new SessionRegistry();
        var engine = folder.Open(path => new EmbeddedStorage(
            new EmbeddedOptions(path, Shards, CachedProfiles, CodeRules.Standard), sessions, TimeProvider.System,
            NullLogger<EmbeddedStorage>.Instance));
        return Start(new BenchStore(engine, sessions, folder.Dispose), people);
    }

    /// <summary>A cluster engine on two private MySQL shards and Redis.</summary>
    public static BenchStore StartCluster(int people)
    {
        ExitOnSignal.Enable();
        var services = ThrowawayServices.StartAsync("bench", shards: 2, redisCluster: false, CancellationToken.None).GetAwaiter()
            .GetResult();
        var sessions = new SessionRegistry();
        var options = new ClusterOptions(
            services.Cluster.Shards, string.Join(',', services.Cluster.Redis), Deadline: TimeSpan.FromSeconds(10),
            NodeLease: TimeSpan.FromSeconds(10),
            CachedProfiles, CodeRules.Standard);
        var engine = new ClusterStorage(options, sessions, TimeProvider.System, NullLogger<ClusterStorage>.Instance);
        return Start(
            new BenchStore(engine, sessions, () => services.DisposeAsync().AsTask().GetAwaiter().GetResult()) { Redis = options.Redis },
            people);
    }

    /// <summary>Makes people like others.</summary>
    public void Like(IEnumerable<(long Uid, long Sid)> pairs)
    {
        var now = TimeProvider.System.NowMs();
        Task.WhenAll(pairs.Select(pair => Engine.Swipes.SwipeAsync(pair.Uid, pair.Sid, SwipeKind.Like, now).AsTask())).GetAwaiter()
            .GetResult();
    }

    public void Dispose()
    {
        Engine.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _deletePlace();
    }

    private static BenchStore Start(BenchStore store, int people)
    {
        store.Engine.StartAsync(CancellationToken.None).GetAwaiter().GetResult();
        store.Uids = RobotFactory.MakeAsync(store.Engine, people, RobotTown.Berlin()).ToArrayAsync().AsTask().GetAwaiter().GetResult();
        return store;
    }
}
