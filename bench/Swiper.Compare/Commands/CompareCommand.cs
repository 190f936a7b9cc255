using Spectre.Console;
using Swiper.Compare.Batches;
using Swiper.Compare.Processes;
using Swiper.Compare.Report;
using Swiper.Compare.Rows;

namespace Swiper.Compare.Commands;

/// <summary>Swiper beside its rivals in one interleaved run.</summary>
internal static class CompareCommand
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(0.5);

    /// <summary>0 unless something could not run: a figure, however bad, fails nothing.</summary>
    public static int Run(CompareOptions options)
    {
        string[] problems =
        [
            .. options.Problems(),
            .. OperatingSystem.IsLinux() ? (string[])[] : ["the load client uses epoll: the comparison runs on Linux only"],
        ];
        if (problems.Length > 0)
        {
            foreach (var problem in problems)
                AnsiConsole.WriteLine(problem);
            return 1;
        }

        using var subjects = new Subjects(new HostPlan(options.Host, options.Robots) { Settings = options.Settings }, options.OnCluster);
        var rows = (options.OnCluster ? ClusterRows.Of(subjects, options.RivalsOnly) : RowSet.Of(subjects, options.RivalsOnly)).Where(options.Filter);
        if (rows.Comparisons.Count + rows.Limits.Count == 0 && rows.Batches is null)
        {
            AnsiConsole.WriteLine($"No row's name holds {string.Join(" or ", options.Filter)}.");
            return 1;
        }
        Rounds.Run(rows.Measures, options.Rounds, new Pace(WarmUp, TimeSpan.FromSeconds(options.Seconds)), round =>
            AnsiConsole.WriteLine(round == 0 ? "warming up" : $"round {round} of {options.Rounds}"));

        var results = rows.Comparisons.Select(RowResult.Of).Concat(rows.Limits.Select(row =>
        {
            AnsiConsole.WriteLine(row.Name);
            return RowResult.Of(row);
        })).ToList();

        var (batches, batchTrouble) = TakeBatches(rows);

        var surroundings = Surroundings.Here();
        ResultTable.Print(results);
        ProcessTable.Print(rows.Measures);
        BatchTable.Print(batches);
        if (batchTrouble is not null)
            AnsiConsole.WriteLine($"batches: {batchTrouble}");
        foreach (var trouble in results.Where(row => row.Trouble is not null).GroupBy(row => row.Trouble))
            AnsiConsole.WriteLine($"{string.Join(", ", trouble.Select(row => row.Name))}:{Environment.NewLine}{trouble.Key}{Environment.NewLine}");
        AnsiConsole.WriteLine(surroundings.ToString());
        AnsiConsole.WriteLine(Disturbance.Of(results));
        if (options.Json is { } path)
            ResultFile.Write(path, surroundings, results, batches);
        return results.Any(row => row.HasFailed) || batchTrouble is not null ? 1 : 0;
    }

    private static (IReadOnlyList<BatchDistribution> Batches, string? Trouble) TakeBatches(RowSet rows)
    {
        if (rows.Batches is null)
            return ([], null);
        AnsiConsole.WriteLine("batches");
        try
        {
            return (rows.Batches(), null);
        }
        // As with a row: the others still count.
        catch (Exception e)
        {
            return ([], e.Message);
        }
    }
}
