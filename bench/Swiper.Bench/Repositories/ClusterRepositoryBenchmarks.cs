using BenchmarkDotNet.Attributes;
using Swiper.Bench.Hosting;

namespace Swiper.Bench.Repositories;

/// <summary>The cluster engine on two MySQL shards and a Redis that are started for it and deleted afterwards.</summary>
[BenchmarkCategory(BenchmarkCategories.Cluster)]
public class ClusterRepositoryBenchmarks : RepositoryBenchmarks
{
    private protected override BenchStore StartStore(int people) => BenchStore.StartCluster(people);
}
