using Swiper.Storage.Cluster;

namespace Swiper.Storage.Tests.Cluster;

/// <summary>
/// What a host of a cluster says of its health, by what it sees: a fault within five seconds of the last sign of life, and nothing of it
/// at the next look after it is over. The host looks twice a second.
/// </summary>
public sealed class ClusterHealthTests
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    // Whoever is alone with a fault has to be for ten seconds from when it is noticed.
    private static readonly TimeSpan LongAlone = Soon + TimeSpan.FromSeconds(11);

    private readonly FakeTimeProvider _clock = new();
    private readonly Signs _signs;
    private readonly ClusterHealth _health;

    public ClusterHealthTests()
    {
        _signs = new Signs(_clock);
        _health = new ClusterHealth(_signs, _clock);
    }

    [Fact]
    public void A_host_on_which_all_is_well_says_nothing_and_tells_the_others_so()
    {
        AssertSays();
        Assert.Equal((true, true, true), (_signs.Told[0], _signs.Told[1], _signs.ToldOfRedis));
    }

    [Fact]
    public void A_shard_that_answers_nobody_is_told_in_time_and_leaves_the_host_ready()
    {
        _signs.IsShardSilent = true;
        Pass(Soon);
        AssertSays("shard 1");
        Assert.Equal((true, false, true), (_signs.Told[0], _signs.Told[1], _signs.ToldOfRedis));
        Pass(LongAlone);
        AssertSays("shard 1");

        _signs.IsShardSilent = false;
        AssertSays();
    }

    [Fact]
    public void A_shard_that_answers_another_host_leaves_this_one_not_ready_in_the_end()
    {
        _signs.IsShardSilent = _signs.IsShardReachedByAnother = true;
        Pass(Soon);
        AssertSays("shard 1");
        Pass(LongAlone);
        AssertSays("shard 1 unready");

        // It befalls the other host, too.
        _signs.IsShardReachedByAnother = false;
        AssertSays("shard 1");
        _signs.IsShardReachedByAnother = true;
        AssertSays("shard 1");
    }

    [Fact]
    public void A_shard_whose_breaker_is_open_does_not_answer_and_one_that_rejects_requests_does()
    {
        _signs.IsShardAvailable = false;
        AssertSays("shard 1");
        (_signs.IsShardAvailable, _signs.HasShardRefused) = (true, true);
        AssertSays("shard 1");
        Assert.Contains("rejects requests", Assert.Single(_health.Find()).Detail, StringComparison.Ordinal);
        Assert.True(_signs.Told[1]);

        _signs.HasShardRefused = false;
        AssertSays();
    }

    [Fact]
    public void A_host_that_nothing_answers_is_not_ready()
    {
        _signs.IsShardSilent = _signs.IsOtherShardSilent = _signs.IsDeaf = true;
        Pass(Soon);
        AssertSays("canary", "shard 0 unready", "shard 1 unready");

        _signs.IsDeaf = false;
        AssertSays("shard 0", "shard 1");
    }

    [Fact]
    public void A_canary_that_does_not_come_back_is_told_in_time_and_leaves_the_host_ready_where_it_is_so_for_all()
    {
        _signs.IsDeaf = true;
        Pass(Soon);
        AssertSays("canary");
        Assert.False(_signs.ToldOfRedis);
        Pass(LongAlone);
        AssertSays("canary");

        _signs.IsDeaf = false;
        AssertSays();
    }

    [Fact]
    public void A_host_that_alone_is_deaf_is_not_ready_in_the_end()
    {
        _signs.IsDeaf = _signs.IsRedisReachedByAnother = true;
        Pass(Soon);
        AssertSays("canary");
        Pass(LongAlone);
        AssertSays("canary unready");

        // The other one is deaf, too, and hears again a moment later.
        _signs.IsRedisReachedByAnother = false;
        AssertSays("canary");
        _signs.IsRedisReachedByAnother = true;
        AssertSays("canary");
        Pass(LongAlone);
        AssertSays("canary unready");

        _signs.IsDeaf = false;
        AssertSays();
    }

    [Fact]
    public void A_redis_that_does_not_answer_is_named_and_leaves_the_host_not_ready_if_it_answers_another()
    {
        _signs.SilentRedis = ["10.0.0.3:6379"];
        AssertSays("redis 10.0.0.3:6379");
        Assert.False(_signs.ToldOfRedis);
        _signs.IsRedisReachedByAnother = true;
        AssertSays("redis 10.0.0.3:6379");
        Pass(LongAlone);
        AssertSays("redis 10.0.0.3:6379 unready");

        _signs.SilentRedis = [];
        AssertSays();
    }

    [Fact]
    public void A_host_that_is_not_heard_is_told_in_time_but_not_by_one_that_hears_nobody()
    {
        _signs.IsOtherHostSilent = true;
        Pass(Soon);
        AssertSays("hosts 7");
        _signs.IsDeaf = true;
        Pass(Soon);
        AssertSays("canary");

        _signs.IsDeaf = _signs.IsOtherHostSilent = false;
        AssertSays();
    }

    [Fact]
    public void An_index_that_lacks_many_swipes_or_a_few_for_long_is_behind()
    {
        _signs.Index = new IndexSigns(ClusterHealth.MostPending, TimeSpan.FromSeconds(5), Untrusted: 0);
        AssertSays();
        _signs.Index = new IndexSigns(ClusterHealth.MostPending + 1, TimeSpan.Zero, Untrusted: 0);
        AssertSays("index behind");
        _signs.Index = new IndexSigns(1, TimeSpan.FromSeconds(5) + Look, Untrusted: 0);
        AssertSays("index behind");

        _signs.Index = default;
        AssertSays();
    }

    [Fact]
    public void An_index_that_is_not_trusted_has_half_a_minute_to_be_rebuilt()
    {
        _signs.Index = new IndexSigns(0, TimeSpan.Zero, Untrusted: 3);
        AssertSays();
        Pass(TimeSpan.FromSeconds(30));
        AssertSays();
        Pass(Look);
        AssertSays("index untrusted");

        _signs.Index = default;
        AssertSays();
        // And another time, too.
        _signs.Index = new IndexSigns(0, TimeSpan.Zero, Untrusted: 3);
        AssertSays();
    }

    [Fact]
    public void A_node_number_that_is_not_renewed_is_told_before_it_is_lost()
    {
        _signs.NodeRenewedAgo = TimeSpan.FromSeconds(20);
        AssertSays();
        _signs.NodeRenewedAgo = TimeSpan.FromSeconds(20.5);
        AssertSays("node");

        _signs.NodeRenewedAgo = TimeSpan.Zero;
        AssertSays();
    }

    [Fact]
    public void Follow_ups_may_wait_for_a_minute()
    {
        _signs.FollowUps = new FollowUpSigns(5, TimeSpan.FromMinutes(1));
        AssertSays();
        _signs.FollowUps = new FollowUpSigns(5, TimeSpan.FromMinutes(1) + Look);
        AssertSays("follow_ups");

        _signs.FollowUps = default;
        AssertSays();
    }

    private void AssertSays(params string[] expected) => Assert.Equal(
        expected,
        _health.Find().Select(reason => string.Join(' ', new[]
        {
            reason.Kind == HealthReasonKind.FollowUps ? "follow_ups" : $"{reason.Kind}".ToLowerInvariant(), reason.Which,
            reason.IsUnready ? "unready" : "",
        }.Where(part => part.Length > 0))).Order(StringComparer.Ordinal));

    // A look each time: some reasons are those of a time that has passed since an earlier one.
    private void Pass(TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += Look)
        {
            _clock.Advance(Look);
            _health.Find();
        }
    }

    /// <summary>A host beside node 7; shard 1, Redis, or that node is as the test says. What is well was heard at this moment.</summary>
    private sealed class Signs(FakeTimeProvider clock) : IClusterSigns
    {
        private readonly Life _shard = new(clock);
        private readonly Life _otherShard = new(clock);
        private readonly Life _canary = new(clock);
        private readonly Life _otherHost = new(clock);

        public bool IsShardSilent { set => _shard.IsSilent = value; }

        public bool IsOtherShardSilent { set => _otherShard.IsSilent = value; }

        public bool IsDeaf { set => _canary.IsSilent = value; }

        public bool IsOtherHostSilent { set => _otherHost.IsSilent = value; }

        public bool IsShardAvailable { get; set; } = true;

        public bool HasShardRefused { get; set; }

        public bool IsShardReachedByAnother { get; set; }

        public TimeSpan NodeRenewedAgo { get; set; }

        public IReadOnlyList<bool> Told { get; private set; } = [];

        public bool ToldOfRedis { get; private set; }

        public IReadOnlyList<ShardSigns> Shards =>
        [
            new(0, "db0", true, _otherShard.Silence, HasRefused: false), new(1, "db1", IsShardAvailable, _shard.Silence, HasShardRefused),
        ];

        public IReadOnlyList<string> SilentRedis { get; set; } = [];

        public TimeSpan CanaryAge => _canary.Silence;

        public IReadOnlyList<(int Node, TimeSpan Age)> OtherHosts => [(7, _otherHost.Silence)];

        public bool IsRedisReachedByAnother { get; set; }

        public IndexSigns Index { get; set; }

        public NodeSigns Node => new(3, NodeRenewedAgo, TimeSpan.FromSeconds(30));

        public FollowUpSigns FollowUps { get; set; }

        bool IClusterSigns.IsShardReachedByAnother(int shard) => shard == 1 && IsShardReachedByAnother;

        public void Tell(IReadOnlyList<bool> shards, bool redis) => (Told, ToldOfRedis) = (shards, redis);
    }

    /// <summary>When something was last heard of.</summary>
    private sealed class Life(FakeTimeProvider clock)
    {
        private long? _silentSince;

        public bool IsSilent { set => _silentSince = value ? clock.GetTimestamp() : null; }

        public TimeSpan Silence => _silentSince is { } since ? clock.GetElapsedTime(since) : TimeSpan.Zero;
    }
}
