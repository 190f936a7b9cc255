namespace Swiper.EndToEnd.Cluster;

/// <summary>Tests that take turns with one set of servers; each has databases of its own and finds Redis empty.</summary>
[CollectionDefinition]
public sealed class OnServices : ICollectionFixture<ClusterServices>;
