using Microsoft.Extensions.Logging.Abstractions;
using Swiper.Core.Accounts;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Local.Robots;
using Swiper.Local.Services;
using Swiper.Storage;
using Swiper.Storage.Cluster;
using Swiper.Storage.Embedded;

namespace Swiper.Bench.Hosting;

/// <summary>A real engine with people in it, all deleted when disposed.</summary>
internal sealed class BenchStore : IDisposable
{
    private const int Shards = 4;
    private const int CachedProfiles = 100_000;
    private const int InFlight = 4096;
    private const double Lat = 52.52;
    private const double Lon = 13.405;
    private const double RadiusKm = 10;

    private readonly IDisposable? _place;

    private BenchStore(IStorageEngine engine, SessionRegistry sessions, IDisposable? place)
    {
        Engine = engine;
        Sessions = sessions;
        _place = place;
    }

    public IStorageEngine Engine { get; }

    public SessionRegistry Sessions { get; }

    /// <summary>Who is there, in the order of their making.</summary>
    public long[] Uids { get; private set; } = [];

    /// <summary>SQLite files in a folder of its own.</summary>
    public static BenchStore StartEmbedded(int people)
    {
        var folder = new ScratchFolder();
        var sessions = new SessionRegistry();
        var options = new EmbeddedOptions(folder.Path, Shards, CachedProfiles, CodeRules.Standard);
        return Start(new EmbeddedStorage(options, sessions, TimeProvider.System, NullLogger<EmbeddedStorage>.Instance), sessions, folder, people);
    }

    /// <summary>Two MySQL shards and a Redis of its own.</summary>
    public static BenchStore StartCluster(int people)
    {
        var services = new Services(ThrowawayServices.StartAsync("bench", shards: 2, redisCluster: false, CancellationToken.None).GetAwaiter().GetResult());
        var sessions = new SessionRegistry();
        var options = new ClusterOptions(
            services.Shards, services.Redis, Deadline: TimeSpan.FromSeconds(10), NodeLease: TimeSpan.FromSeconds(10), CachedProfiles, CodeRules.Standard);
        return Start(new ClusterStorage(options, sessions, TimeProvider.System, NullLogger<ClusterStorage>.Instance), sessions, services, people);
    }

    public void Dispose()
    {
        Engine.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _place?.Dispose();
    }

    private static BenchStore Start(IStorageEngine engine, SessionRegistry sessions, IDisposable place, int people)
    {
        var store = new BenchStore(engine, sessions, place);
        engine.StartAsync(CancellationToken.None).GetAwaiter().GetResult();
        store.Populate(people).GetAwaiter().GetResult();
        return store;
    }

    private async Task Populate(int count)
    {
        var town = new RobotTown(Lat, Lon, RadiusKm, seed: 1);
        var now = TimeProvider.System.NowMs();
        var uids = new List<long>(count);
        while (uids.Count < count)
        {
            var people = Enumerable.Range(0, Math.Min(count - uids.Count, InFlight))
                .Select(_ => town.NextPerson(Engine.NewUid(), now, WireTime.Day(now))).ToList();
            var made = await Task.WhenAll(people.Select(person => Engine.CreateUserAsync(person).AsTask()));
            uids.AddRange(people.Where((_, index) => made[index]).Select(static person => person.Uid));
        }
        Uids = [.. uids];
    }

    private sealed class Services(ThrowawayServices services) : IDisposable
    {
        public IReadOnlyList<string> Shards => services.Shards;

        public string Redis => string.Join(',', services.Redis);

        public void Dispose() => services.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
