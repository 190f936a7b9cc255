using System.Globalization;
using Swiper.Core.Social;
using Swiper.Storage.Cluster;
using Swiper.Storage.Redis;
using Swiper.Storage.Redis.Repair;

namespace Swiper.Storage.Tests.Redis;

/// <summary>
/// A client that is connected and brings no answers, because what it is sent or what it sends gets lost, is replaced, and nothing is
/// missing afterwards.
/// </summary>
public sealed class SilentRedisTests : IDisposable
{
    private static readonly byte[] Subscribing = "SUBSCRIBE"u8.ToArray();

    private static readonly byte[] Anything = [];

    // What the client sends once it is connected.
    private static readonly byte[][] Commands = ["EVAL"u8.ToArray(), "SCRIPT"u8.ToArray(), "PUBLISH"u8.ToArray(), Subscribing];

    private readonly RecordedLog<ClusterStorage> _log = new();
    private readonly List<IDisposable> _parts = [];

    public void Dispose()
    {
        _parts.Reverse();
        foreach (var part in _parts)
            part.Dispose();
    }

    [Theory]
    [InlineData((int)Way.ToServer)]
    [InlineData((int)Way.FromServer)]
    [InlineData((int)Way.Both)]
    public async Task A_client_that_falls_silent_is_replaced_and_what_waited_is_applied_once(int way)
    {
        var proxy = Proxy(Own(new OneRedis()).Servers[0]);
        var truth = new SwipeTruth(100);
        var index = Open(proxy.Address);
        await Rebuild.AllAsync(index, truth);
        await RedisFaultTests.ApplyAsync(index, truth.Commit(1, 0, 100, new Random(1)));

        proxy.Swallow((Way)way);
        var waiting = truth.Commit(1, 0, 100, new Random(2));
        await RedisFaultTests.ApplyAsync(index, waiting);
        Assert.NotEmpty(_log.Of(3067));
        await RedisFaultTests.ApplyAsync(index, truth.Commit(1, 0, 100, new Random(3)));
        await truth.Snapshot().AssertIndexedAsync(new IndexRepair(index));
    }

    [Theory]
    [InlineData((int)Way.ToServer, true)]
    [InlineData((int)Way.FromServer, true)]
    [InlineData((int)Way.Both, true)]
    [InlineData((int)Way.FromServer, false)]
    public async Task One_that_has_been_silent_since_the_start_is_told_of_and_replaced(int way, bool afterTheHandshake)
    {
        var redis = Own(new OneRedis()).Servers[0];
        var proxy = afterTheHandshake ? Proxy(redis) : Own(new SilentProxy(redis.Port, Anything));
        proxy.SwallowNewOnes((Way)way);
        var truth = new SwipeTruth(100);
        var index = Own(new SwipeIndex(Options(proxy.Address), SwipeTruth.Clock, _log));
        var waiting = truth.Commit(1, 0, 100, new Random(1));
        index.Enqueue(waiting);
        // Also the first ones that take its place.
        Eventually.Holds(() => _log.Of(3067).Count >= 2, "two clients that were replaced");
        Assert.Single(_log.Of(3060));
        Assert.False(index.IsReachable);
        Assert.False(waiting.Applied.IsCompleted);

        proxy.SwallowNewOnes(Way.None);
        await waiting.Applied;
        await Rebuild.AllAsync(index, truth);
        await truth.Snapshot().AssertIndexedAsync(new IndexRepair(index));
    }

    [Fact]
    public async Task A_client_that_was_closed_in_the_middle_of_a_call_is_replaced()
    {
        var proxy = Proxy(Own(new OneRedis()).Servers[0]);
        var truth = new SwipeTruth(100);
        var index = Open(proxy.Address);
        await Rebuild.AllAsync(index, truth);
        proxy.SwallowNewOnes(Way.FromServer);
        proxy.Swallow(Way.FromServer);
        var waiting = truth.Commit(1, 0, 100, new Random(1));
        index.Enqueue(waiting);
        Eventually.Holds(() => !index.IsReachable, "a call that is not answered");
        await index.Client.Current.Client.DisposeAsync();
        proxy.SwallowNewOnes(Way.None);
        await waiting.Applied;
        await truth.Snapshot().AssertIndexedAsync(new IndexRepair(index));
    }

    [Theory]
    [InlineData((int)Way.ToServer)]
    [InlineData((int)Way.FromServer)]
    public async Task Where_one_of_three_servers_is_silent_the_others_go_on_and_it_is_reached_by_a_fresh_client(int way)
    {
        var redis = Own(new RedisClusterOfThree());
        var proxy = Proxy(redis.Servers[0]);
        redis.Servers[0].Command("CONFIG", "SET", "cluster-announce-port", proxy.Port.ToString(CultureInfo.InvariantCulture));
        foreach (var server in redis.Servers)
            server.AwaitAnswer("CLUSTER NODES", answer => answer.Contains($":{proxy.Port}@", StringComparison.Ordinal));
        var truth = new SwipeTruth(300);
        var index = Open($"{redis.Servers[1].Address},{redis.Servers[2].Address}");
        await Rebuild.AllAsync(index, truth);
        var silent = index.Nodes.All.Single(node => node.ToString() == proxy.Address);

        proxy.SwallowNewOnes((Way)way);
        proxy.Swallow((Way)way);
        var waiting = truth.Commit(1, 0, Between(silent: true, 0));
        index.Enqueue(waiting);
        for (var i = 0; i < 20; i++)
            await RedisFaultTests.ApplyAsync(index, truth.Commit(1, 0, Between(silent: false, i)));
        Eventually.Holds(() => _log.Of(3067).Count > 0, "a client that was replaced");
        for (var i = 20; i < 40; i++)
            await RedisFaultTests.ApplyAsync(index, truth.Commit(1, 0, Between(silent: false, i)));
        Assert.False(waiting.Applied.IsCompleted);
        Assert.False(silent.IsReachable);

        proxy.SwallowNewOnes(Way.None);
        await waiting.Applied;
        await truth.Snapshot().AssertIndexedAsync(new IndexRepair(index));

        IndexedSwipe Between(bool silent, int skip) =>
            new(OfGroup(silent, skip), OfGroup(silent, skip + 1), SwipeKind.Like, SwipeTruth.Midnight);
        long OfGroup(bool onSilent, int skip) =>
            truth.People.Where(uid => (silent.Groups & UserGroups.BitOf(uid)) != 0 == onSilent).Skip(skip).First();
    }

    [Fact]
    public void A_host_whose_subscription_is_deaf_hears_the_others_again()
    {
        var redis = Own(new OneRedis());
        var proxy = Proxy(redis.Servers[0]);
        var (deaf, other) = (Open(proxy.Address), Open(redis.Configuration));
        var (here, there) = (Own(deaf.OpenMessages()), Own(other.OpenMessages()));
        var heard = 0;
        here.Received += _ => Interlocked.Increment(ref heard);
        Eventually.Holds(() => here.IsListening && there.IsListening, "listening");
        proxy.SwallowNewOnes(Way.FromServer);
        proxy.Swallow(Way.FromServer, Subscribing);
        Eventually.Holds(
            () => _log.Of(3067).Any(line => line.Contains("channel", StringComparison.Ordinal)), "a client that was replaced");
        proxy.SwallowNewOnes(Way.None);
        Eventually.Holds(
            () =>
            {
                there.Publish([1]);
                return Volatile.Read(ref heard) > 0;
            },
            "a message");
    }

    [Fact]
    public void While_it_is_silent_there_is_a_line_a_minute_that_says_how_much_waits()
    {
        var clock = new FakeTimeProvider();
        var proxy = Proxy(Own(new OneRedis()).Servers[0]);
        proxy.SwallowNewOnes(Way.Both);
        var index = Own(new SwipeIndex(Options(proxy.Address), clock, _log));
        index.Enqueue(new SwipeTruth(100).Commit(1, 0, 70, new Random(1)));
        Eventually.Holds(() => _log.Of(3060).Count == 1, "the line that tells of the silence");
        for (var minutes = 1; minutes <= 3; minutes++)
        {
            clock.Advance(TimeSpan.FromMinutes(1));
            Eventually.Holds(() => _log.Of(3066).Count == minutes, "the next line");
            Assert.Contains("70 swipes", _log.Of(3066)[^1]);
        }

        Assert.Single(_log.Of(3060));
        proxy.SwallowNewOnes(Way.None);
        Eventually.Holds(
            () =>
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                return _log.Of(3061).Count == 1;
            },
            "the line that tells of its end");
    }

    private static RedisOptions Options(string configuration) => new()
    {
        Configuration = configuration,
        Deadline = TimeSpan.FromMilliseconds(300),
        ProbePeriod = TimeSpan.FromMilliseconds(100),
        ReplaceAfter = TimeSpan.FromMilliseconds(500),
    };

    private SwipeIndex Open(string configuration)
    {
        var index = Own(new SwipeIndex(Options(configuration), SwipeTruth.Clock, _log));
        Eventually.Holds(() => index.IsReachable, "being reachable");
        return index;
    }

    private SilentProxy Proxy(RedisProcess target) => Own(new SilentProxy(target.Port, Commands));

    private T Own<T>(T part)
        where T : IDisposable
    {
        _parts.Add(part);
        return part;
    }
}
