namespace Swiper.EndToEnd.Cluster;

/// <summary>Servers with a Redis Cluster of three nodes.</summary>
public sealed class RedisClusterServices() : ClusterServices(redisNodes: 3);

/// <summary>Tests that take turns with them.</summary>
[CollectionDefinition]
public sealed class OnRedisCluster : ICollectionFixture<RedisClusterServices>;
