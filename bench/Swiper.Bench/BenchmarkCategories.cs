namespace Swiper.Bench;

/// <summary>Categories of benchmarks that are not Swiper's own code or need other servers.</summary>
internal static class BenchmarkCategories
{
    /// <summary>Third-party code for comparison; exempt from the allocation gate.</summary>
    public const string Rival = nameof(Rival);

    /// <summary>Needs MySQL and Redis; runs only with --cluster.</summary>
    public const string Cluster = nameof(Cluster);
}
