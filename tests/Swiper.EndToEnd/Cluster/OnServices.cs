namespace Swiper.EndToEnd.Cluster;

/// <summary>Tests that take turns with one set of servers; each has databases of its own and finds Redis empty.</summary>
[CollectionDefinition]
public sealed class OnServices : ICollectionFixture<ClusterServices>;

/// <summary>Tests in which servers fail, on a set of their own: they run beside those of <see cref="OnServices"/>.</summary>
[CollectionDefinition]
public sealed class OnFailingServices : ICollectionFixture<ClusterServices>;
