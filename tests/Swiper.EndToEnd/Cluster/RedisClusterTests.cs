using Swiper.EndToEnd.Running;
using Swiper.EndToEnd.Storage;

namespace Swiper.EndToEnd.Cluster;

/// <summary>One of the three nodes of a Redis Cluster is lost under load, and comes back with nothing.</summary>
public sealed class RedisClusterTests(RedisClusterServices services) : IClassFixture<RedisClusterServices>
{
    private const int People = 100;

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task A_node_that_was_killed_is_missed_by_no_swipe_and_built_anew_when_it_is_back(int node)
    {
        await using var deployment = await Deployment.CreateAsync(services);
        var hosts = await deployment.StartHostsAsync(2);
        var tokens = await hosts[0].SignUpAsync(People);
        var clients = (await Task.WhenAll(hosts.Select(host => host.SignInAsync(tokens)))).SelectMany(ofHost => ofHost).ToArray();
        var ledger = new SwipeLedger();
        var storm = new SwipeStorm(ledger, clients, seed: 1);
        storm.Start();
        await storm.AnswersAsync(500);

        await services.KillAsync(ClusterServices.NameOfRedis(node));
        await storm.AnswersAsync(1_000);
        await services.HealAsync();
        await storm.AnswersAsync(1_000);
        await storm.StopAsync();

        Assert.True(storm.Unavailable == 0, $"{storm.Unavailable} were refused: {storm.Refusal}");
        await deployment.VerifyAsync(ledger, clients);
        await clients.DisposeAllAsync();
    }
}
