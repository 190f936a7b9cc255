using System.Globalization;
using Spectre.Console;
using Swiper.Compare.Rows;

namespace Swiper.Compare.Report;

/// <summary>Which process took how much of the processors, where several serve together: what would have to get cheaper.</summary>
internal static class ProcessTable
{
    public static void Print(IEnumerable<Measure> measures)
    {
        var shared = measures.Where(measure => measure.Readings.Any(reading => reading.Processes.Count > 1)).ToArray();
        if (shared.Length == 0)
            return;
        var names = shared.SelectMany(measure => measure.Readings[0].Processes).Select(process => process.Name).Distinct().ToArray();
        var table = new Table().Border(TableBorder.Simple).AddColumn("CPU each, us");
        foreach (var name in (string[])[.. names, "load client", "p50, ms", "p99, ms"])
            table.AddColumn(new TableColumn(name).RightAligned());
        foreach (var measure in shared)
        {
            string[] cells =
            [
                measure.Name,
                .. names.Select(name => MedianOf(measure, reading => Cores(reading, name) * 1e6 / reading.Value)),
                MedianOf(measure, reading => reading.ClientCores * 1e6 / reading.Value),
                MedianOf(measure, reading => reading.MedianMicroseconds / 1000),
                MedianOf(measure, reading => reading.Percentile99Microseconds / 1000),
            ];
            table.AddRow(cells.Select(cell => new Text(cell)));
        }
        AnsiConsole.Write(table);
    }

    private static double Cores(Reading reading, string process) => reading.Processes.FirstOrDefault(share => share.Name == process)?.Cores ?? 0;

    private static string MedianOf(Measure measure, Func<Reading, double> figure) =>
        Rounds.Median([.. measure.Readings.Select(figure)]).ToString("0.00", CultureInfo.InvariantCulture);
}
