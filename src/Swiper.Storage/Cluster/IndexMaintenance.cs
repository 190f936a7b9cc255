using System.Diagnostics;
using System.Numerics;
using Swiper.Storage.Cluster.Repair;
using Swiper.Storage.MySql;
using Swiper.Storage.Redis;
using Swiper.Storage.Redis.Repair;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Cluster;

/// <summary>What an operator does about the index while hosts go on serving: has it rebuilt, or compared with the truth.</summary>
public sealed class IndexMaintenance : IDisposable
{
    /// <summary>Fast, and still leaves most of a shard to those it serves.</summary>
    public const int DefaultRowsASecond = 200_000;

    private readonly ShardMap _map;
    private readonly ShardServer[] _servers;
    private readonly SwipeIndex _index;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _answerPatience;

    /// <exception cref="StorageStartException">The options name no servers that could be asked.</exception>
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
        // To be connected takes one deadline at most, an answer another.
        _answerPatience = 2 * options.Deadline;
    }

    /// <summary>
    /// Rebuilds all groups of the index, or that of one user, 1 of 64; answers how many groups were rebuilt, fewer where another host
    /// is at them.
    /// </summary>
    /// <param name="uid">Null for all.</param>
    /// <param name="rowsASecond">Swipes read a second at most; each is read from either side.</param>
    /// <param name="progress">Told now and then of users written and swipes read.</param>
    /// <param name="cancellation">Gives up; what was begun runs out by itself and is taken up by a host.</param>
    /// <exception cref="Core.Dispatch.StoreUnavailableException">A shard or Redis does not answer.</exception>
    public async Task<int> RebuildAsync(long? uid, int rowsASecond, Action<long, long>? progress, CancellationToken cancellation) =>
        BitOperations.PopCount(
            await RebuildAsync(uid is { } one ? UserGroups.BitOf(one) : UserGroups.All, rowsASecond, progress, cancellation)
            .ConfigureAwait(false));

    /// <summary>
    /// Compares users with the truth, all or every n-th, and tells of each difference; answers how many there were.
    /// With <paramref name="fix"/> the groups that differ are rebuilt.
    /// </summary>
    /// <param name="every">1 for all users.</param>
    /// <param name="usersASecond">Users compared a second at most.</param>
    /// <param name="fix">Rebuild what differs.</param>
    /// <param name="found">Told of each difference.</param>
    /// <param name="progress">Told now and then how many were compared.</param>
    /// <param name="cancellation">Gives up.</param>
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

    // The client connects by itself, in its own time.
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
