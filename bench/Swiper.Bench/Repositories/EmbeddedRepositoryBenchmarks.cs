using Swiper.Bench.Hosting;

namespace Swiper.Bench.Repositories;

/// <summary>The embedded engine.</summary>
public class EmbeddedRepositoryBenchmarks : RepositoryBenchmarks
{
    private protected override BenchStore StartStore(int people) => BenchStore.StartEmbedded(people);
}
