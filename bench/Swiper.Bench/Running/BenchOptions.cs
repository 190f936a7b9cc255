namespace Swiper.Bench.Running;

/// <param name="Filter">Globs of names.</param>
/// <param name="Quick">Short readings.</param>
/// <param name="Cluster">The suites that need MySQL and Redis.</param>
/// <param name="List">Only print the names.</param>
internal sealed record BenchOptions(IReadOnlyList<string> Filter, bool Quick, bool Cluster, bool List);
