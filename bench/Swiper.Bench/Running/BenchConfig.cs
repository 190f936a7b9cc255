using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Exporters.Json;
using BenchmarkDotNet.Filters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;
using Swiper.Local;

namespace Swiper.Bench.Running;

/// <summary>The configuration of all suites, with the memory columns.</summary>
internal static class BenchConfig
{
    /// <param name="quick">A few short readings in this process instead of many in separate processes.</param>
    /// <param name="cluster">Only the suites that need MySQL and Redis.</param>
    public static ManualConfig Create(bool quick, bool cluster) => ManualConfig.CreateEmpty()
        .AddColumnProvider(DefaultColumnProviders.Instance)
        .HideColumns(Column.Error, Column.StdDev, Column.Median, Column.RatioSD, Column.AllocRatio, Column.Job)
        .AddDiagnoser(new MemoryDiagnoser(new MemoryDiagnoserConfig(displayGenColumns: false)))
        .AddAnalyser([.. DefaultConfig.Instance.GetAnalysers()])
        .AddValidator([.. DefaultConfig.Instance.GetValidators()])
        .AddExporter(MarkdownExporter.GitHub, JsonExporter.FullCompressed)
        .AddFilter(new SimpleFilter(benchmark => benchmark.Descriptor.HasCategory(BenchmarkCategories.Cluster) == cluster))
        .AddJob(quick ? Quick : Full)
        .WithSummaryStyle(BenchmarkDotNet.Reports.SummaryStyle.Default.WithMaxParameterColumnWidth(40))
        .WithArtifactsPath(Repository.PathOf("artifacts", "benchmarks"));

    // On a shared machine the default of a hundred iterations would take too long.
    private static Job Full => Job.Default.WithId("Full").WithMaxIterationCount(20);

    // The minimum that gets past tiered compilation, which is slow even for methods called often.
    private static Job Quick => Job.Default
        .WithId("Quick")
        .WithToolchain(InProcessEmitToolchain.Instance)
        .WithIterationTime(TimeInterval.FromMilliseconds(100))
        .WithEvaluateOverhead(false)
        .WithWarmupCount(3)
        .WithIterationCount(3);
}
