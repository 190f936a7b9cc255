using Swiper.Storage.Redis;
using Swiper.Storage.Redis.Reading;
using Swiper.Storage.Redis.Repair;

namespace Swiper.Storage.Tests.Redis;

public sealed class FaultsOfOneRedisTests : RedisFaultTests
{
    public FaultsOfOneRedisTests()
        : base(new OneRedis())
    {
    }

    [Fact]
    public async Task A_restart_with_an_old_append_only_file_is_noticed_and_nothing_of_it_is_believed()
    {
        var truth = new SwipeTruth(200);
        var server = Redis.Servers[0];
        server.Command("CONFIG", "SET", "appendonly", "yes");
        server.Command("CONFIG", "SET", "appendfsync", "always");
        using var index = Open();
        await Rebuild.AllAsync(index, truth);
        await ApplyAsync(index, truth.Commit(1, 0, 800, new Random(1)));
        var repair = new IndexRepair(index);
        server.AwaitAnswer("INFO persistence", answer => answer.Contains("aof_rewrite_in_progress:0", StringComparison.Ordinal)
            && answer.Contains("aof_rewrite_scheduled:0", StringComparison.Ordinal));

        server.Kill();
        server.Start("--appendonly", "yes");
        await ApplyAsync(index, truth.Commit(1, 0, 300, new Random(2)));
        var stale = await repair.ReadAsync(truth.People[0], SwipeTruth.Midnight);
        Assert.False(stale.Trusted);
        Assert.NotEmpty(stale.Applied);
        Assert.False((await Users(index).DeckAsync(truth.People[0], 10)).IsKnown);

        await Rebuild.AllAsync(index, truth);
        await ApplyAsync(index, truth.Commit(1, 0, 300, new Random(3)));
        await truth.Snapshot().AssertIndexedAsync(repair);
    }

    [Fact]
    public async Task A_host_that_starts_before_redis_reaches_it_when_it_comes()
    {
        var truth = new SwipeTruth(100);
        Redis.Servers[0].Kill();
        using var index = new SwipeIndex(new RedisOptions { Configuration = Redis.Configuration }, SwipeTruth.Clock);
        Assert.False(index.IsReachable);
        Assert.False((await new BoardReader(new IndexReads(index)).TopAsync(BoardPeriod.Of(Core.Ranking.BoardName.All, 0), 10)).IsKnown);
        var batch = truth.Commit(1, 0, 100, new Random(1));
        index.Enqueue(batch);
        Assert.Equal(100, index.Pending);
        Redis.Servers[0].Start();
        await batch.Applied;
        Assert.Equal(0, index.Pending);
        await Rebuild.AllAsync(index, truth);
        await truth.Snapshot().AssertIndexedAsync(new IndexRepair(index));
    }
}

public sealed class FaultsOfARedisClusterTests() : RedisFaultTests(new RedisClusterOfThree())
{
    [Fact]
    public async Task Groups_that_move_to_another_server_are_followed_and_rebuilt_there()
    {
        var truth = new SwipeTruth(300);
        using var index = Open();
        await Rebuild.AllAsync(index, truth);
        await ApplyAsync(index, truth.Commit(1, 0, 500, new Random(1)));
        var moved = index.Nodes.All[0];
        var (from, to) = (ServerOf(moved), Redis.Servers.First(server => server != ServerOf(moved)));
        var group = GroupReport.First(moved.Groups);
        var slot = from.Command("CLUSTER", "KEYSLOT", $"{{{group}}}:index").Trim(':', '\r', '\n');
        // The slot is handed over without its keys: the new server has nothing of the group.
        Hand(slot, to);

        await ApplyAsync(index, truth.Commit(1, 0, 500, new Random(2)));
        Eventually.Holds(() => ServerOf(index.Nodes.Of(group)) == to, "the move being known");
        var repair = new IndexRepair(index);
        await Rebuild.GroupAsync(repair, truth, group);
        await ApplyAsync(index, truth.Commit(1, 0, 500, new Random(3)));
        await truth.Snapshot().AssertIndexedAsync(repair);

        // And back: what is left there is of before, and must not be believed for having been built there.
        Hand(slot, from);
        await ApplyAsync(index, truth.Commit(1, 0, 500, new Random(4)));
        Eventually.Holds(() => ServerOf(index.Nodes.Of(group)) == from, "the move being known");
        Assert.False((await repair.ReadAsync(truth.People.First(uid => UserGroups.Of(uid) == group), SwipeTruth.Midnight)).Trusted);
    }

    private void Hand(string slot, RedisProcess to)
    {
        var id = to.Command("CLUSTER", "MYID").Split("\r\n")[1];
        foreach (var server in Redis.Servers.OrderByDescending(server => server == to))
        {
            server.Command("CLUSTER", "SETSLOT", slot, "NODE", id);
            // What the servers have told each other before must not win over what they are told now.
            if (server == to)
                server.Command("CLUSTER", "BUMPEPOCH");
        }

        foreach (var server in Redis.Servers)
            server.AwaitAnswer("CLUSTER NODES", answer =>
                answer.Split('\n').Any(line => line.Contains($":{to.Port}@", StringComparison.Ordinal) && Holds(line, slot)));

        // "<id> <address> <flags> <master> <ping> <pong> <epoch> <link> <from>-<to> <one> ..."
        static bool Holds(string line, string slot) =>
            line.Trim().Split(' ').Skip(8).Select(range => range.Split('-')).Any(range =>
                int.TryParse(range[0], out var first) && int.TryParse(range[^1], out var last)
                    && first <= int.Parse(slot, System.Globalization.CultureInfo.InvariantCulture)
                        && int.Parse(slot, System.Globalization.CultureInfo.InvariantCulture) <= last);
    }

    [Fact]
    public async Task A_frozen_server_does_not_hold_up_the_others()
    {
        var truth = new SwipeTruth(300);
        using var index = Open();
        await Rebuild.AllAsync(index, truth);
        var frozen = index.Nodes.All[0];
        ServerOf(frozen).Freeze();
        long OfGroup(bool onFrozen, int skip) =>
            truth.People.Where(uid => (frozen.Groups >> UserGroups.Of(uid) & 1) != 0 == onFrozen).Skip(skip).First();
        var waiting =
            truth.Commit(1, 0, new IndexedSwipe(OfGroup(true, 0), OfGroup(true, 1), Core.Social.SwipeKind.Like, SwipeTruth.Midnight));
        index.Enqueue(waiting);
        for (var i = 0; i < 20; i++)
            await ApplyAsync(index, truth.Commit(1, 0,
                new IndexedSwipe(OfGroup(false, i), OfGroup(false, i + 1), Core.Social.SwipeKind.Like, SwipeTruth.Midnight)));
        Assert.False(waiting.Applied.IsCompleted);
        Eventually.Holds(() => !index.IsReachable, "the hang being noticed");
        Assert.False((await Users(index).DeckAsync(OfGroup(true, 0), 10)).IsKnown);
        Assert.True((await Users(index).DeckAsync(OfGroup(false, 0), 10)).IsKnown);
        ServerOf(frozen).Thaw();
        await waiting.Applied;
        await truth.Snapshot().AssertIndexedAsync(new IndexRepair(index));
    }
}

/// <summary>Servers that die, hang and lose what they had, while batches flow.</summary>
public abstract class RedisFaultTests : IDisposable
{
    protected RedisFaultTests(RedisDeployment redis)
    {
        Redis = redis;
    }

    protected RedisDeployment Redis { get; }

    public void Dispose()
    {
        Redis.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public Task A_server_killed_again_and_again_while_batches_flow_loses_and_doubles_nothing() =>
        FlowAsync(random =>
        {
            var server = Redis.Servers[random.Next(Redis.Servers.Count)];
            server.Kill();
            server.Start();
        });

    [Fact]
    public Task A_server_frozen_again_and_again_while_batches_flow_loses_and_doubles_nothing() =>
        FlowAsync(random =>
        {
            var server = Redis.Servers[random.Next(Redis.Servers.Count)];
            server.Freeze();
            FrozenUntilNoticed();
            server.Thaw();
        });

    [Fact]
    public async Task What_is_abandoned_for_waiting_too_long_is_untrusted_before_anything_else_is_applied()
    {
        var truth = new SwipeTruth(500);
        var random = new Random(4);
        using var index = Open(new RedisOptions { Configuration = Redis.Configuration, MaxWaitingSwipes = 1_000 });
        await Rebuild.AllAsync(index, truth);
        foreach (var server in Redis.Servers)
            server.Freeze();
        var batches = new List<IndexBatch>();
        for (var i = 0; i < 30; i++)
        {
            batches.Add(truth.Commit(1, 0, 100, random));
            index.Enqueue(batches[^1]);
        }

        Assert.InRange(index.Pending, 0, 1_000);
        Assert.Contains(batches, batch => batch.Abandoned);
        foreach (var server in Redis.Servers)
            server.Thaw();
        await Task.WhenAll(batches.Select(batch => batch.Applied));
        var last = truth.Commit(1, 0, 400, random);
        await ApplyAsync(index, last);
        var repair = new IndexRepair(index);
        await Eventually.HoldsAsync(async () => (await repair.StatusAsync()).All(node => node.Trusted == 0), "the doubts");

        await Rebuild.AllAsync(index, truth);
        // What the journal still holds is harmless now.
        foreach (var batch in batches.Where(batch => batch.Abandoned))
            await ApplyAsync(index, SwipeTruth.Again(batch));
        await ApplyAsync(index, truth.Commit(1, 0, 400, random));
        await truth.Snapshot().AssertIndexedAsync(repair);
    }

    internal static async Task ApplyAsync(SwipeIndex index, IndexBatch batch)
    {
        index.Enqueue(batch);
        await batch.Applied;
    }

    internal SwipeIndex Open(RedisOptions? options = null)
    {
        var index = new SwipeIndex(options ?? new RedisOptions { Configuration = Redis.Configuration }, SwipeTruth.Clock);
        Eventually.Holds(() => index.IsReachable, "being reachable");
        return index;
    }

    internal RedisProcess ServerOf(RedisNode node) => Redis.Servers.Single(server => node.ToString() == server.Address);

    private Action FrozenUntilNoticed { get; set; } = () => { };

    private async Task FlowAsync(Action<Random> hurt)
    {
        var truth = new SwipeTruth(1_000);
        var options = new RedisOptions
        {
            Configuration = Redis.Configuration,
            Deadline = TimeSpan.FromMilliseconds(500),
            ReportPeriod = TimeSpan.FromMilliseconds(50),
        };
        using var one = Open(options);
        using var other = Open(options);
        await Rebuild.AllAsync(one, truth);
        FrozenUntilNoticed = () => Eventually.Holds(() => !one.IsReachable && !other.IsReachable, "the hang being noticed");
        using var mending = Rebuild.Automatically(one, truth);
        using var stop = new CancellationTokenSource();
        var flows = Task.WhenAll(FlowAsync(one, 1), FlowAsync(other, 2));
        var random = new Random(8);
        for (var i = 0; i < 5; i++)
        {
            var before = truth.Swipes;
            Eventually.Holds(() => truth.Swipes > before + 300, "swipes flowing");
            hurt(random);
        }

        await stop.CancelAsync();
        await flows;
        var repair = new IndexRepair(one);
        await Eventually.HoldsAsync(async () =>
            (await repair.StatusAsync()).All(node => node.Trusted == node.Groups), "everything being trusted");
        await truth.Snapshot().AssertIndexedAsync(repair);

        async Task FlowAsync(SwipeIndex index, int node)
        {
            await Task.Yield();
            var own = new Random(node);
            while (!stop.IsCancellationRequested)
                await ApplyAsync(index, truth.Commit(node, own.Next(2), own.Next(1, 60), own));
        }
    }

    internal static UserReader Users(SwipeIndex index) => new(new IndexReads(index));
}
