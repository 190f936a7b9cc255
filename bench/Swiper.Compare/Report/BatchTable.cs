using System.Globalization;
using Spectre.Console;
using Swiper.Compare.Batches;

namespace Swiper.Compare.Report;

/// <summary>How large the batches were: of each lane, the share of batches by size.</summary>
internal static class BatchTable
{
    public static void Print(IReadOnlyList<BatchDistribution> lanes)
    {
        if (lanes.Count == 0)
            return;
        var sizes = lanes.SelectMany(lane => lane.Batches.Keys).Distinct().Order().ToArray();
        var table = new Table().Border(TableBorder.Simple).AddColumns("load", "lane");
        table.AddColumn(new TableColumn("batches").RightAligned());
        foreach (var size in sizes)
            table.AddColumn(new TableColumn($"{size}+").RightAligned());
        foreach (var lane in lanes)
        {
            string[] cells = [lane.Load, lane.Lane, lane.Count.ToString("#,0", CultureInfo.InvariantCulture), .. sizes.Select(size => Share(lane, size))];
            table.AddRow(cells.Select(cell => new Text(cell)));
        }
        AnsiConsole.Write(table);
    }

    private static string Share(BatchDistribution lane, long size) =>
        lane.Batches.TryGetValue(size, out var batches) ? $"{Math.Round(100.0 * batches / lane.Count)} %" : "";
}
