using BenchmarkDotNet.EventProcessors;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace Swiper.Bench.Running;

/// <summary>Prints a line per benchmark while it runs, and the table of each class when that is finished.</summary>
internal sealed class ConsoleProgress : EventProcessor
{
    private int _all;
    private int _started;

    public override void OnStartRunStage() => Console.WriteLine();

    public override void OnEndBuildStage() => Console.WriteLine("built");

    public override void OnStartBuildStage(IReadOnlyList<BuildPartition> partitions)
    {
        _all = partitions.Sum(static partition => partition.Benchmarks.Length);
        Console.WriteLine($"{_all} benchmarks");
    }

    public override void OnStartRunBenchmark(BenchmarkCase benchmarkCase) =>
        Console.WriteLine($"{++_started,4}/{_all}  {benchmarkCase.Descriptor.GetFilterName()} {benchmarkCase.Parameters.PrintInfo}");

    public override void OnEndRunBenchmarksInType(Type type, Summary summary)
    {
        Console.WriteLine();
        Console.WriteLine(type.Name);
        var table = new AccumulationLogger();
        MarkdownExporter.Console.ExportToLog(summary, table);
        // The machine is already described in each file.
        foreach (var line in table.GetLog().Split('\n').Where(static line => line.StartsWith('|')))
            Console.WriteLine(line);
        Console.WriteLine();
    }
}
