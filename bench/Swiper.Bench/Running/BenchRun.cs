using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using Swiper.Local;

namespace Swiper.Bench.Running;

/// <param name="Filter">Globs of names.</param>
/// <param name="Quick">Short readings.</param>
/// <param name="Cluster">The suites that need MySQL and Redis.</param>
/// <param name="List">Only print the names.</param>
internal sealed record BenchOptions(IReadOnlyList<string> Filter, bool Quick, bool Cluster, bool List);

/// <summary>Runs suites and prints their tables.</summary>
internal static class BenchRun
{
    private const int Ok = 0;
    private const int Failed = 1;

    /// <summary>Returns the exit code: only a benchmark that could not run is a failure, never a figure.</summary>
    public static int Run(BenchOptions options)
    {
        var config = BenchConfig.Create(options.Quick, options.Cluster)
            .AddLogger(options.List ? ConsoleLogger.Default : new ConsoleErrors())
            .AddEventProcessor(new ConsoleProgress());
        string[] arguments = ["--filter", .. options.Filter, .. options.List ? (string[])["--list", "flat"] : []];
        var summaries = BenchmarkSwitcher.FromAssembly(typeof(BenchRun).Assembly).Run(arguments, config).ToList();
        if (options.List)
            return Ok;
        if (summaries.Count == 0)
            return ToolCommand.Refuse($"no benchmark's name fits {string.Join(" or ", options.Filter)}; --list names them");
        Console.WriteLine($"Tables and logs are in {config.ArtifactsPath}.");
        return summaries.All(static summary =>
            !summary.HasCriticalValidationErrors && summary.Reports.All(static report => report.Success)) ? Ok : Failed;
    }
}
