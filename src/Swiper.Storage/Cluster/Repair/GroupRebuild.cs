using System.Diagnostics;
using System.Numerics;
using Swiper.Core.Protocol;
using Swiper.Storage.MySql;
using Swiper.Storage.Redis;
using Swiper.Storage.Redis.Repair;

namespace Swiper.Storage.Cluster.Repair;

/// <summary>The progress of a rebuild.</summary>
/// <param name="Groups">Groups being rebuilt.</param>
/// <param name="Users">Users written so far.</param>
/// <param name="Swipes">Rows read; each swipe is read twice, once from each side.</param>
internal readonly record struct RebuildProgress(int Groups, long Users, long Swipes);

/// <summary>
/// Rebuilds groups of the index from the truth while hosts keep serving: begins the rebuild of each, takes one snapshot of the truth,
/// writes the users shard by shard, and finishes with the snapshot's marks.
/// </summary>
/// <param name="servers">The shards.</param>
/// <param name="index">The index.</param>
/// <param name="clock">Determines the current day's and week's boards.</param>
/// <param name="rowsASecond">The most swipes read per second of real time, so that the hosts' own load is not held up.</param>
internal sealed class GroupRebuild(IReadOnlyList<ShardServer> servers, SwipeIndex index, TimeProvider clock, int rowsASecond)
{
    public const int DefaultRowsASecond = IndexMaintenance.DefaultRowsASecond;

    private const int UidsAQuery = 10_000;
    private const int UsersAChunk = 250;

    // A rebuild expires if nothing is written to it for some seconds: of Redis, hence real ones, whatever the clock says.
    private static readonly TimeSpan KeepAliveEvery = TimeSpan.FromSeconds(4);

    /// <summary>
    /// Returns the groups (a bit mask) that are rebuilt now; another host is rebuilding the others, or Redis changed meanwhile.
    /// </summary>
    /// <exception cref="Exception">A shard or Redis can't be reached; what was begun expires.</exception>
    public async Task<ulong> RunAsync(ulong groups, Action<RebuildProgress>? progress, CancellationToken cancellation)
    {
        var mendings = new Dictionary<int, GroupMending>();
        var done = 0UL;
        try
        {
            await BeginAsync(groups, mendings).ConfigureAwait(false);
            using var snapshot = await Task.Run(() => TruthSnapshot.Take(servers), cancellation).ConfigureAwait(false);
            await WriteAsync(mendings, snapshot, progress, cancellation).ConfigureAwait(false);
            var kept = Stopwatch.StartNew();
            foreach (var (group, mending) in mendings.ToArray())
            {
                if (await mending.FinishAsync(snapshot.Marks).ConfigureAwait(false))
                    done |= 1UL << group;
                mendings.Remove(group);
                if (kept.Elapsed > KeepAliveEvery)
                {
                    await KeepAliveAsync(mendings).ConfigureAwait(false);
                    kept.Restart();
                }
            }
            return done;
        }
        finally
        {
            await Task.WhenAll(mendings.Values.Select(AbandonAsync)).ConfigureAwait(false);
        }
    }

    private async Task BeginAsync(ulong groups, Dictionary<int, GroupMending> mendings)
    {
        var repair = new IndexRepair(index);
        for (var left = groups; left != 0; left &= left - 1)
        {
            var group = BitOperations.TrailingZeroCount(left);
            if (await repair.BeginAsync(group, clock.NowMs()).ConfigureAwait(false) is { } mending)
                mendings.Add(group, mending);
        }
    }

    private async Task WriteAsync(
        Dictionary<int, GroupMending> mendings, TruthSnapshot snapshot, Action<RebuildProgress>? progress, CancellationToken cancellation)
    {
        var reading = new SwipesReading(snapshot.Connections, clock.NowMs());
        var kept = Stopwatch.StartNew();
        var watch = Stopwatch.StartNew();
        var users = 0L;
        for (var shard = 0; shard < servers.Count && mendings.Count > 0; shard++)
        {
            foreach (var chunk in UsersOf(shard, snapshot, mendings).Chunk(UsersAChunk))
            {
                var swipes = await Task.Run(() => reading.Read(chunk, shard, static (_, _) => true), cancellation).ConfigureAwait(false);
                foreach (var group in swipes.GroupBy(user => UserGroups.Of(user.Uid)))
                    await WriteAsync(mendings, group.Key, group.Select(user => user.ToMended())).ConfigureAwait(false);
                users += chunk.Length;
                progress?.Invoke(new RebuildProgress(mendings.Count, users, reading.Rows));
                do
                {
                    if (kept.Elapsed > KeepAliveEvery)
                    {
                        await KeepAliveAsync(mendings).ConfigureAwait(false);
                        kept.Restart();
                    }
                    var ahead = TimeSpan.FromSeconds((double)reading.Rows / rowsASecond) - watch.Elapsed;
                    if (ahead < TimeSpan.FromMilliseconds(20))
                        break;
                    await Task.Delay(ahead < KeepAliveEvery ? ahead : KeepAliveEvery, cancellation).ConfigureAwait(false);
                }
                while (true);
            }
        }
    }

    private static async Task WriteAsync(Dictionary<int, GroupMending> mendings, int group, IEnumerable<MendedUser> users)
    {
        // Refused: Redis was emptied again, or the group became untrusted; the next round starts over.
        if (mendings.TryGetValue(group, out var mending) && !await mending.WriteAsync(users).ConfigureAwait(false))
            mendings.Remove(group);
    }

    private static async Task KeepAliveAsync(Dictionary<int, GroupMending> mendings)
    {
        foreach (var group in mendings.Keys.ToArray())
            await WriteAsync(mendings, group, []).ConfigureAwait(false);
    }

    private static async Task AbandonAsync(GroupMending mending)
    {
        try
        {
            await mending.AbandonAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is TimeoutException or StackExchange.Redis.RedisException)
        {
            // It expires anyway.
        }
    }

    private static IEnumerable<long> UsersOf(int shard, TruthSnapshot snapshot, Dictionary<int, GroupMending> mendings)
    {
        var uids = new List<long>(UidsAQuery);
        var last = 0L;
        do
        {
            uids.Clear();
            snapshot.Connections[shard].Query(
                $"SELECT uid FROM users WHERE uid > @p0 ORDER BY uid LIMIT {UidsAQuery}", [last], row => uids.Add(row.GetInt64(0)));
            foreach (var uid in uids)
            {
                last = uid;
                if (mendings.ContainsKey(UserGroups.Of(uid)))
                    yield return uid;
            }
        }
        while (uids.Count == UidsAQuery);
    }
}
