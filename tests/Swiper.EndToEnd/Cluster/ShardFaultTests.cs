using Swiper.EndToEnd.Running;
using Swiper.EndToEnd.Storage;

namespace Swiper.EndToEnd.Cluster;

/// <summary>
/// A shard dies, hangs, or takes no more connections, under load from two hosts. Its users are refused meanwhile; those who swipe each
/// other on the other shard never are; and nobody restarts anything but the shard. SWIPER_FAULTS says how often in a row.
/// </summary>
[Collection<OnFailingServices>]
public sealed class ShardFaultTests(ClusterServices services)
{
    private const int People = 100;

    // A shard that hangs is noticed by it; yet nothing is tried again after half of it, and a busy machine holds the other shard up for
    // some seconds.
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(12);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public Task A_killed_shard_hurts_its_own_users_only_and_is_there_again_once_it_was_started(int shard) => RunAsync(
        shard,
        hurt: _ => services.KillAsync(ClusterServices.NameOfShard(shard)),
        heal: services.HealAsync);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public Task A_shard_that_hangs_for_longer_than_a_deadline_hurts_its_own_users_only(int shard) => RunAsync(
        shard,
        hurt: _ =>
        {
            services.Suspend(ClusterServices.NameOfShard(shard));
            return Task.CompletedTask;
        },
        heal: () =>
        {
            services.Resume(ClusterServices.NameOfShard(shard));
            return Task.CompletedTask;
        });

    [Fact]
    public async Task A_shard_without_free_connections_hurts_its_own_users_only()
    {
        await using var connections = new TakenConnections(services, shard: 1);
        await RunAsync(shard: 1, hurt: _ => connections.TakeAllAsync(), heal: connections.GiveBackAsync);
    }

    private async Task RunAsync(int shard, Func<Deployment, Task> hurt, Func<Task> heal)
    {
        var moments = new Moments();
        await using var deployment = await Deployment.CreateAsync(services, Deadline);
        var hosts = await deployment.StartHostsAsync(2);
        var tokens = await hosts[0].SignUpAsync(People);
        var clients = (await Task.WhenAll(hosts.Select(host => host.SignInAsync(tokens)))).SelectMany(ofHost => ofHost).ToArray();
        var ledger = new SwipeLedger();
        var everybody = new SwipeStorm(ledger, clients, moments.Seed);
        var own = new SwipeStorm(ledger, [.. clients.Where(client => Deployment.ShardOf(client) == shard)], moments.Seed + 1);
        var others = new SwipeStorm(ledger, [.. clients.Where(client => Deployment.ShardOf(client) != shard)], moments.Seed + 2);
        SwipeStorm[] storms = [everybody, own, others];
        foreach (var storm in storms)
            storm.Start();
        for (var faults = Budget.Of("SWIPER_FAULTS", 1); faults > 0; faults--)
        {
            await everybody.AnswersAsync(moments.Next(100, 3_000));
            await hurt(deployment);
            await own.RefusalAsync();
            await others.AnswersAsync(1_000);
            await own.RefusalAsync();
            await others.AnswersAsync(1_000);
            await heal();
            await own.AnswersAsync(1_000);
        }
        await Task.WhenAll(storms.Select(storm => storm.StopAsync()));

        Assert.True(others.Unavailable == 0, $"{others.Unavailable} were refused: {others.Refusal}");
        await deployment.VerifyAsync(ledger, clients);
        await clients.DisposeAllAsync();
    }
}
