using System.Diagnostics;
using System.Numerics;
using Swiper.Storage.Cluster.Repair;
using Swiper.Storage.MySql;
using Swiper.Storage.Redis;
using Swiper.Storage.Redis.Repair;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Cluster;

/// <summary>The operator's commands on the index while hosts keep serving: rebuild it, or compare it with the truth.</summary>
/// <remarks>Its pace and its patience are in real time: both spare servers that know no other.</remarks>
public sealed class IndexMaintenance : IDisposable
{
    /// <summary>Fast, but leaves most of a shard's capacity to the hosts.</summary>
    public const int DefaultRowsASecond = 200_000;

    private readonly ShardMap _map;
    private readonly ShardServer[] _servers;
    private readonly SwipeIndex _index;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _answerPatience;

    /// <exception cref="StorageStartException">The options name no usable servers.</exception>
    public IndexMaintenance(ClusterOptions options, TimeProvider clock)
    {
        _map = new ShardMap(options.Shards.Count);
        try
        {
            _servers = [.. options.Shards.Select((connectionString, number) =>
                new ShardServer(number, connectionString, options.Deadline, clock: clock))];
        }
        catch (ArgumentException wrong)
        {
            throw new StorageStartException($"Cluster:Shards: {wrong.Message}", wrong);
        }
        _index = new SwipeIndex(new RedisOptions { Configuration = options.Redis, Deadline = options.Deadline }, clock);
        _clock = clock;
        // One deadline to connect, another for the answer.
        _answerPatience = 2 * options.Deadline;
    }

    /// <summary>
    /// Rebuilds all 64 groups of the index, or that of one user; returns how many were rebuilt, fewer if another host is rebuilding some.
    /// </summary>
    /// <param name="uid">Null for all.</param>
    /// <param name="rowsASecond">The most swipes read per second; each is read from both sides.</param>
    /// <param name="progress">Called now and then with the users written and swipes read.</param>
    /// <param name="cancellation">Stops; a rebuild that was begun expires and is picked up by a host.</param>
    /// <exception cref="Core.Dispatch.StoreUnavailableException">A shard or Redis does not answer.</exception>
    public async Task<int> RebuildAsync(long? uid, int rowsASecond, Action<long, long>? progress, CancellationToken cancellation) =>
        BitOperations.PopCount(
            await RebuildAsync(uid is { } one ? UserGroups.BitOf(one) : UserGroups.All, rowsASecond, progress, cancellation)
            .ConfigureAwait(false));

    /// <summary>
    /// Compares all users, or every n-th, with the truth, reports each difference and returns a summary. With <paramref name="fix"/>,
    /// groups that differ are rebuilt.
    /// </summary>
    /// <param name="every">1 for all users.</param>
    /// <param name="usersASecond">The most users compared per second.</param>
    /// <param name="fix">Rebuild what differs.</param>
    /// <param name="found">Called with each difference.</param>
    /// <param name="progress">Called now and then with the number compared.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="Core.Dispatch.StoreUnavailableException">A shard or Redis does not answer.</exception>
    public async Task<Comparison> CompareAsync(
        int every, int usersASecond, bool fix, Action<Drift> found, Action<long>? progress, CancellationToken cancellation)
    {
        await AwaitIndexAsync().ConfigureAwait(false);
        using var check = new DriftCheck(_servers, _index, _clock);
        var watch = Stopwatch.StartNew();
        var (compared, untrusted, differing) = (0L, 0L, 0UL);
        foreach (var uid in Users(every))
        {
            var drifts = await Unavailability.TranslateAsync(() => check.CompareAsync(uid, _map.ShardOf(uid))).ConfigureAwait(false);
            if (drifts is null)
            {
                untrusted++;
                continue;
            }
            foreach (var drift in drifts)
            {
                found(drift);
                differing |= UserGroups.BitOf(uid);
            }
            compared++;
            progress?.Invoke(compared);
            var ahead = TimeSpan.FromSeconds((double)compared / usersASecond) - watch.Elapsed;
            if (ahead > TimeSpan.FromMilliseconds(20))
                await Task.Delay(ahead, cancellation).ConfigureAwait(false);
        }
        var mended = fix && differing != 0
            && await RebuildAsync(differing, DefaultRowsASecond, null, cancellation).ConfigureAwait(false) == differing;
        return new Comparison(compared, untrusted, mended);
    }

    public void Dispose()
    {
        _index.Dispose();
        foreach (var server in _servers)
            server.Dispose();
    }

    private async Task<ulong> RebuildAsync(ulong groups, int rowsASecond, Action<long, long>? progress, CancellationToken cancellation)
    {
        await AwaitIndexAsync().ConfigureAwait(false);
        return await Unavailability.TranslateAsync(() => new GroupRebuild(_servers, _index, _clock, rowsASecond)
            .RunAsync(groups, now => progress?.Invoke(now.Users, now.Swipes), cancellation)).ConfigureAwait(false);
    }

    // The client connects in the background.
    private async Task AwaitIndexAsync()
    {
        var repair = new IndexRepair(_index);
        var watch = Stopwatch.StartNew();
        while ((await repair.StatusAsync().ConfigureAwait(false)).Any(node => node.Trusted is null))
        {
            if (watch.Elapsed > _answerPatience)
                throw new Core.Dispatch.StoreUnavailableException("Redis does not answer.");
            await Task.Delay(100).ConfigureAwait(false);
        }
    }

    private IEnumerable<long> Users(int every)
    {
        const int Page = 1000;
        var number = 0L;
        foreach (var server in _servers)
        {
            using var connection = server.Connect();
            var page = new List<long>(Page);
            var last = 0L;
            do
            {
                page.Clear();
                Unavailability.Translate(() => server.Run(connection, () =>
                {
                    page.Clear();
                    connection.Query($"SELECT uid FROM users WHERE uid > @p0 ORDER BY uid LIMIT {Page}", [last], row =>
                        page.Add(row.GetInt64(0)));
                }));
                foreach (var uid in page)
                {
                    last = uid;
                    if (number++ % every == 0)
                        yield return uid;
                }
            }
            while (page.Count == Page);
        }
    }
}
