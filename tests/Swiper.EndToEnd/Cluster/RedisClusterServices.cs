namespace Swiper.EndToEnd.Cluster;

/// <summary>Servers with a Redis Cluster of three nodes.</summary>
public sealed class RedisClusterServices() : ClusterServices(redisNodes: 3);
