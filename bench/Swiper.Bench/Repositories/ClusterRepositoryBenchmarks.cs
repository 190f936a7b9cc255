using BenchmarkDotNet.Attributes;
using Swiper.Bench.Hosting;

namespace Swiper.Bench.Repositories;

/// <summary>The cluster engine on two private MySQL shards and Redis, deleted afterwards.</summary>
[BenchmarkCategory(BenchmarkCategories.Cluster)]
public class ClusterRepositoryBenchmarks : RepositoryBenchmarks
{
    private protected override BenchStore StartStore(int people) => BenchStore.StartCluster(people);
}
