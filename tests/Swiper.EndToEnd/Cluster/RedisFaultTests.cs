using Swiper.Client;
using Swiper.EndToEnd.Running;
using Swiper.EndToEnd.Storage;

namespace Swiper.EndToEnd.Cluster;

/// <summary>
/// Redis dies, hangs, or is emptied under load from two hosts. No swipe is refused for it, and the index mends itself. SWIPER_FAULTS says
/// how often in a row.
/// </summary>
[Collection<OnServices>]
public sealed class RedisFaultTests(ClusterServices services)
{
    private const int People = 100;

    [Fact]
    public Task Killed_and_back_empty() => RunAsync(
        hurt: _ => services.KillAsync(ClusterServices.NameOfRedis(0)),
        heal: services.HealAsync);

    [Fact]
    public Task Hung_for_a_while() => RunAsync(
        hurt: async hosts =>
        {
            await services.SuspendAsync(ClusterServices.NameOfRedis(0));
            await Wait.UntilAsync("the hosts have noticed", () => hosts.All(host => host.Output.Contains("does not answer", StringComparison.Ordinal)));
        },
        heal: () =>
        {
            services.Wake(ClusterServices.NameOfRedis(0));
            return Task.CompletedTask;
        });

    [Fact]
    public Task Emptied_again_and_again() => RunAsync(
        hurt: _ => services.EmptyRedisAsync(),
        heal: services.EmptyRedisAsync);

    [Fact]
    public async Task What_the_index_had_not_heard_of_when_its_host_was_killed_it_hears_once_from_another()
    {
        await using var deployment = await Deployment.CreateAsync(services);
        var host = await deployment.StartHostAsync();
        var tokens = await host.SignUpAsync(People);
        var clients = await host.SignInAsync(tokens);
        var ledger = new SwipeLedger();
        var storm = new SwipeStorm(ledger, clients, seed: 1);
        storm.Start();
        await storm.AnswersAsync(500);

        await services.SuspendAsync(ClusterServices.NameOfRedis(0));
        await storm.AnswersAsync(1_000);
        for (var shard = 0; shard < ClusterServices.Shards; shard++)
        {
            await Wait.UntilAsync(
                $"shard {shard} has what the index is to hear of",
                async () => (await deployment.QueryAsync(shard, "SELECT batch FROM journal WHERE answered = 1 LIMIT 1")).Count == 1);
        }
        await host.KillAsync();
        await storm.EndAsync();
        await clients.DisposeAllAsync();
        services.Wake(ClusterServices.NameOfRedis(0));

        var another = await deployment.StartHostAsync();
        var again = await another.SignInAsync(tokens);
        await deployment.VerifyAsync(ledger, again);
        await again.DisposeAllAsync();
    }

    private async Task RunAsync(Func<HostProcess[], Task> hurt, Func<Task> heal)
    {
        var moments = new Moments();
        await using var deployment = await Deployment.CreateAsync(services);
        var hosts = await deployment.StartHostsAsync(2);
        var tokens = await hosts[0].SignUpAsync(People);
        var clients = (await Task.WhenAll(hosts.Select(host => host.SignInAsync(tokens)))).SelectMany(ofHost => ofHost).ToArray();
        var ledger = new SwipeLedger();
        var storm = new SwipeStorm(ledger, clients, moments.Seed);
        storm.Start();
        for (var faults = Budget.Of("SWIPER_FAULTS", 1); faults > 0; faults--)
        {
            await storm.AnswersAsync(moments.Next(100, 2_000));
            await hurt(hosts);
            await storm.AnswersAsync(1_000);
            foreach (var reader in new[] { clients[0], clients[^1] })
            {
                await reader.DeckAsync();
                await reader.LikedMeAsync();
            }
            await heal();
        }
        await storm.AnswersAsync(1_000);
        await storm.StopAsync();

        Assert.True(storm.Unavailable == 0, $"{storm.Unavailable} were refused: {storm.Refusal}");
        await deployment.VerifyAsync(ledger, clients);
        await clients.DisposeAllAsync();
    }
}
