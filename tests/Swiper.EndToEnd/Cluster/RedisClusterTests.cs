using Swiper.EndToEnd.Running;
using Swiper.EndToEnd.Storage;

namespace Swiper.EndToEnd.Cluster;

/// <summary>One of the three nodes of a Redis Cluster is lost under load, and comes back with nothing. SWIPER_FAULTS says how often in a row.</summary>
public sealed class RedisClusterTests(RedisClusterServices services) : IClassFixture<RedisClusterServices>
{
    private const int People = 100;

    [Fact]
    public async Task A_node_that_was_killed_is_missed_by_no_swipe_and_built_anew_when_it_is_back()
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
            await services.KillAsync(ClusterServices.NameOfRedis(moments.Next(0, services.RedisNodes)));
            await storm.AnswersAsync(1_000);
            await services.HealAsync();
        }
        await storm.AnswersAsync(1_000);
        await storm.StopAsync();

        Assert.True(storm.Unavailable == 0, $"{storm.Unavailable} were refused: {storm.Refusal}");
        await deployment.VerifyAsync(ledger, clients);
        await clients.DisposeAllAsync();
    }
}
