using Spectre.Console;
using Swiper.Compare.Batches;
using Swiper.Compare.Report;
using Swiper.Compare.Rows;

namespace Swiper.Compare.Commands;

/// <summary>Measures Swiper against its rivals, interleaved.</summary>
internal static class ComparisonRun
{
    /// <summary>Null if no row is selected.</summary>
    public static RunResult? Take(Subjects subjects, CompareOptions options)
    {
        var rows = (options.OnCluster ? ClusterRows.Of(subjects, options.RivalsOnly) : RowSet.Of(subjects, options.RivalsOnly))
            .Where(options.Filter);
        if (rows.Comparisons.Count + rows.Limits.Count == 0 && rows.Batches is null)
            return null;
        Rounds.Run(rows.Measures, options);

        var results = rows.Comparisons.Select(RowResult.Of).Concat(rows.Limits.Select(row =>
        {
            AnsiConsole.WriteLine(row.Name);
            return RowResult.Of(row);
        })).ToList();
        var (batches, batchTrouble) = TakeBatches(rows);

        var surroundings = Surroundings.Here();
        var report = new RunReport(
            [ResultTable.Of(results), MeasureTable.Of(rows.Measures), ProcessTable.Of(rows.Measures), BatchTable.Of(batches)],
            [],
            [
                .. results.Where(row => row.Trouble is not null).GroupBy(row => row.Trouble)
                    .Select(trouble => $"{string.Join(", ", trouble.Select(row => row.Name))}: {trouble.Key}."),
                .. batchTrouble is null ? (string[])[] : [$"batches: {batchTrouble}."],
            ],
            surroundings,
            Disturbance.Of(rows.Measures));
        return new(report, new { surroundings, rows = results, batches }, results.Any(row => row.HasFailed) || batchTrouble is not null);
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
        // As with a row, a failure here must not cost the others.
        catch (Exception e)
        {
            return ([], e.Message);
        }
    }
}
