namespace Swiper.EndToEnd.Cluster;

/// <summary>One of the three nodes of a Redis Cluster is lost under load, and comes back with nothing.</summary>
[Collection<OnRedisCluster>]
public sealed class RedisClusterTests(RedisClusterServices services)
{
    [Fact]
    public Task A_node_that_was_killed_is_missed_by_no_swipe_and_built_anew_when_it_is_back() => RedisFault.RunAsync(
        services,
        hurt: (_, moments) => services.KillAsync(ClusterServices.NameOfRedis(moments.Next(0, services.RedisNodes))),
        heal: services.HealAsync);
}
