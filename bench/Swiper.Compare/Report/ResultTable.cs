using System.Globalization;
using Spectre.Console;
using Swiper.Compare.Rows;

namespace Swiper.Compare.Report;

/// <summary>The one table that a run prints.</summary>
internal static class ResultTable
{
    // Narrower, the cells would be broken up; and what is not a terminal has no width of its own.
    private const int Width = 170;

    public static void Print(IEnumerable<RowResult> rows)
    {
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumns("row", "Swiper, /s", "rival, /s", "ratio", "target", "verdict", "CPU each, us", "cores server+client", "limited by");
        foreach (var column in table.Columns)
            column.NoWrap();
        foreach (var column in table.Columns.Skip(1).Take(3))
            column.RightAligned();
        foreach (var row in rows)
            table.AddRow(Cells(row).Select(cell => new Text(cell)));
        AnsiConsole.Profile.Width = Math.Max(AnsiConsole.Profile.Width, Width);
        AnsiConsole.Write(table);
    }

    private static string[] Cells(RowResult row)
    {
        if (row.Unit != "ratio")
            return [row.Name, row.Figure is { } figure ? $"{Number(figure)} {row.Unit}" : "", "", "", row.Target, row.Verdict, "", "", ""];
        return
        [
            row.Name,
            MedianOf(row.Swiper, reading => reading.Value),
            MedianOf(row.Rival, reading => reading.Value),
            row.Figure?.ToString("0.00", CultureInfo.InvariantCulture) ?? "",
            row.Target,
            row.Verdict,
            Both(row, readings => MedianOf(readings, reading => reading.ServerMicrosecondsEach)),
            Both(row, Cores),
            Both(row, readings => Middle(readings).LimitedBy()),
        ];
    }

    private static string Both(RowResult row, Func<IReadOnlyList<Reading>, string> tell) =>
        row.Swiper.Count == 0 || row.Rival.Count == 0 ? "" : $"{tell(row.Swiper)} / {tell(row.Rival)}";

    private static string Cores(IReadOnlyList<Reading> readings)
    {
        var middle = Middle(readings);
        return string.Create(CultureInfo.InvariantCulture, $"{middle.ServerCores:0.00}+{middle.ClientCores:0.00}");
    }

    // The reading of the median round: shares of different rounds would not belong together.
    private static Reading Middle(IReadOnlyList<Reading> readings) => readings.OrderBy(reading => reading.Value).ElementAt(readings.Count / 2);

    private static string MedianOf(IReadOnlyList<Reading> readings, Func<Reading, double> figure) =>
        readings.Count == 0 ? "" : Number(Rounds.Median([.. readings.Select(figure)]));

    private static string Number(double figure) =>
        figure.ToString(figure >= 1000 ? "#,0" : "0.##", CultureInfo.InvariantCulture);
}
