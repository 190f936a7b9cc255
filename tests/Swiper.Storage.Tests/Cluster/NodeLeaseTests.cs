using Microsoft.Extensions.Logging.Abstractions;
using Swiper.Core.Dispatch;
using Swiper.Storage.Cluster;
using Swiper.Storage.Cluster.Nodes;
using Swiper.Storage.MySql;
using Swiper.Storage.Sharding;
using Swiper.Storage.Tests.MySql;

namespace Swiper.Storage.Tests.Cluster;

/// <summary>Numbers of hosts: one host each, newer ids with every claim.</summary>
[Collection(nameof(ClusterCollection))]
public sealed class NodeLeaseTests : IDisposable
{
    private const string ServerNow = "CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED)";
    private const long Hour = 3_600_000;

    private static readonly TimeSpan Length = TimeSpan.FromHours(1);

    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());
    private readonly string _connectionString;
    private readonly ShardServer _server;
    private readonly ShardConnection _shard;
    private readonly List<NodeLease> _leases = [];

    public NodeLeaseTests(ClusterServers servers)
    {
        _connectionString = servers.NewShard();
        _server = PatientShard.Server(_connectionString);
        _shard = _server.ConnectPatiently();
        MySqlMigrator.Shard.Migrate(_server, 1);
    }

    public void Dispose()
    {
        foreach (var lease in _leases)
            lease.Dispose();
        _shard.Dispose();
        _server.Dispose();
    }

    [Fact]
    public async Task Hosts_that_start_at_the_same_instant_have_different_numbers()
    {
        var leases = Enumerable.Range(0, 8).Select(_ => New()).ToArray();
        await Task.WhenAll(leases.Select(lease => Task.Run(lease.Start, TestContext.Current.CancellationToken)));

        Assert.Equal(Enumerable.Range(0, 8), leases.Select(lease => lease.Claim.Node).Order());
        Assert.Equal(leases.Select(lease => new Guid(lease.Owner)).Order(), (await NodeLease.ReadOwnersAsync(_server)).Order());
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, -1)]
    [InlineData(0, -8760)]
    [InlineData(1, 0)]
    public void The_number_of_a_silent_host_is_claimed_again_and_ids_made_with_it_are_newer_whatever_the_clocks_say(
        int formerAhead, int nextAhead)
    {
        var former = New(formerAhead);
        former.Start();
        var ids = IdsOf(former, formerAhead);
        var old = Enumerable.Range(0, 100).Select(_ => ids.Next()).ToList();
        EndLease(former.Claim.Node, hoursAgo: -formerAhead);
        var next = New(nextAhead);
        next.Start();

        // While its end is still to come by the server's clock, the number is the former one's.
        if (formerAhead > 0)
        {
            Assert.NotEqual(former.Claim.Node, next.Claim.Node);
            return;
        }
        Assert.Equal((former.Claim.Node, former.Claim.Epoch + 1), (next.Claim.Node, next.Claim.Epoch));
        Assert.True(IdsOf(next, nextAhead).Next() > old.Max());
    }

    [Fact]
    public void A_host_that_lost_its_number_claims_another_one()
    {
        var former = New();
        former.Start();
        var claim = former.Claim;
        // Another transaction has the row, so it can't be renewed.
        _shard.Begin();
        Assert.Equal(1,
            _shard.Execute("UPDATE nodes SET epoch = epoch + 1, owner = 'x', until = @p0 WHERE node = @p1", Now() + Hour, claim.Node));
        _clock.Advance(Length);
        Assert.False(former.IsHeld);
        Assert.Same(claim, former.Claim);

        _shard.Commit();
        Await(() => former.Claim != claim, "another number");
        Assert.NotEqual(claim.Node, former.Claim.Node);
        Assert.Equal(claim.Epoch + 1, _shard.ScalarInt64("SELECT epoch FROM nodes WHERE node = @p0", claim.Node));
    }

    [Fact]
    public void A_host_that_could_not_renew_in_time_goes_on_with_its_number_where_nobody_took_it()
    {
        var lease = New();
        lease.Start();
        var claim = lease.Claim;
        _shard.Begin();
        _shard.Query("SELECT node FROM nodes WHERE node = @p0 FOR UPDATE", [claim.Node], static _ => { });
        _clock.Advance(Length);
        Assert.False(lease.IsHeld);
        _shard.Rollback();

        Await(() => lease.IsHeld, "its renewal");
        Assert.Same(claim, lease.Claim);
    }

    [Fact]
    public async Task A_number_that_is_given_back_is_free_at_once()
    {
        var former = New();
        former.Start();
        var last = IdsOf(former).Next();
        former.Dispose();
        AwaitEnd(former.Claim.Node);

        Assert.Empty(await NodeLease.ReadOwnersAsync(_server));
        var next = New();
        next.Start();
        Assert.Equal((former.Claim.Node, former.Claim.Epoch + 1), (next.Claim.Node, next.Claim.Epoch));
        Assert.True(IdsOf(next).Next() > last);
    }

    [Fact]
    public async Task A_host_whose_clock_is_a_day_ahead_lives_no_longer_than_its_lease_by_the_servers_clock()
    {
        // It is killed at once: nobody moves its clock on, so it renews nothing.
        var lease = New(hoursAhead: 24, TimeSpan.FromSeconds(2));
        lease.Start();
        await Eventually.HoldsAsync(async () => (await NodeLease.ReadOwnersAsync(_server)).Count == 0, "its end");
        // Its number waits until its ids are of the past.
        Assert.Equal(1, _shard.ScalarInt64($"SELECT COUNT(*) FROM nodes WHERE until > {ServerNow} + @p0", 23 * Hour));
        var next = New();
        next.Start();
        Assert.NotEqual(lease.Claim.Node, next.Claim.Node);
    }

    [Fact]
    public async Task A_host_whose_clock_is_a_day_ahead_lives_while_it_renews_and_not_once_it_has_stopped()
    {
        var clock = new FakeTimeProvider(_clock.GetUtcNow() + TimeSpan.FromHours(24));
        var lease = New(clock, TimeSpan.FromSeconds(3));
        lease.Start();
        var first = _shard.ScalarInt64("SELECT ends FROM nodes");
        Eventually.Holds(
            () =>
            {
                clock.Advance(TimeSpan.FromMilliseconds(100));
                return _shard.ScalarInt64("SELECT ends FROM nodes") > first;
            },
            "a renewal");
        lease.Dispose();
        await Eventually.HoldsAsync(async () => (await NodeLease.ReadOwnersAsync(_server)).Count == 0, "its end");
    }

    [Fact]
    public async Task A_host_of_the_previous_release_lives_until_the_time_that_it_has_written()
    {
        var lease = New();
        lease.Start();
        Assert.Equal(1, _shard.Execute($"UPDATE nodes SET ends = {ServerNow} - 1 WHERE node = @p0", lease.Claim.Node));
        Assert.Empty(await NodeLease.ReadOwnersAsync(_server));
        // It took the number over, or has renewed it.
        Assert.Equal(1, _shard.Execute("UPDATE nodes SET until = until + 1 WHERE node = @p0", lease.Claim.Node));
        Assert.Equal([new Guid(lease.Owner)], await NodeLease.ReadOwnersAsync(_server));
    }

    [Fact]
    public async Task A_former_holder_gives_back_nothing_that_is_another_ones()
    {
        var former = New();
        former.Start();
        EndLease(former.Claim.Node, hoursAgo: 0);
        var next = New();
        next.Start();
        former.Dispose();
        Assert.Equal([new Guid(next.Owner)], await NodeLease.ReadOwnersAsync(_server));
    }

    [Fact]
    public async Task With_all_numbers_taken_a_host_does_not_start_and_says_why()
    {
        var rows = string.Join(", ", Enumerable.Range(0, BatchIds.MaxNode + 1).Select(node => $"({node}, 'x', 7, {Now() + Hour})"));
        _shard.ExecuteText($"INSERT INTO nodes (node, owner, epoch, until) VALUES {rows}");
        Assert.Equal("All node numbers are taken.", Assert.Throws<StoreUnavailableException>(New().Start).Message);

        await using var host = new TestHost(
            new ClusterOptions(
                [_connectionString], "127.0.0.1:1", TimeSpan.FromSeconds(10), Length, CachedProfiles: 100,
                Core.Accounts.CodeRules.Standard),
            TimeProvider.System);
        var refused = await Assert.ThrowsAsync<StorageStartException>(() => host.Engine.StartAsync(TestContext.Current.CancellationToken));
        Assert.Contains("All node numbers are taken", refused.Message);

        // One is enough.
        EndLease(700, hoursAgo: 2);
        var lease = New();
        lease.Start();
        Assert.Equal((700, 8), (lease.Claim.Node, lease.Claim.Epoch));
    }

    private NodeLease New(int hoursAhead = 0, TimeSpan? length = null) => New(
        hoursAhead == 0 ? _clock : new FakeTimeProvider(_clock.GetUtcNow() + TimeSpan.FromHours(hoursAhead)), length ?? Length);

    private NodeLease New(FakeTimeProvider clock, TimeSpan length)
    {
        var lease = new NodeLease(_server, length, clock, NullLogger.Instance);
        _leases.Add(lease);
        return lease;
    }

    // As lanes make them.
    private BatchIds IdsOf(NodeLease lease, int hoursAhead = 0)
    {
        var ids = new BatchIds(lease.Claim.Node, new FakeTimeProvider(_clock.GetUtcNow() + TimeSpan.FromHours(hoursAhead)));
        ids.NotBefore(BatchIds.LastOf(lease.Claim.NotBeforeMs));
        return ids;
    }

    /// <summary>Lets the clock go on until then, slowly enough for renewals.</summary>
    private void Await(Func<bool> condition, string what) => Eventually.Holds(
        () =>
        {
            _clock.Advance(Length / 30);
            return condition();
        },
        what);

    private long Now() => _shard.ScalarInt64($"SELECT {ServerNow}") ?? 0;

    /// <summary>As if its holder had been silent for a lease that ended then, and had made no ids since.</summary>
    private void EndLease(int node, int hoursAgo)
    {
        _shard.Execute("UPDATE nodes SET until = @p0 WHERE node = @p1", Now() - hoursAgo * Hour, node);
        if (hoursAgo >= 0)
            AwaitEnd(node);
    }

    private void AwaitEnd(int node) =>
        Eventually.Holds(() => _shard.ScalarInt64($"SELECT 1 FROM nodes WHERE node = @p0 AND until < {ServerNow}", node) == 1,
            $"the end of node {node}'s lease");
}
