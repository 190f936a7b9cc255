using Swiper.Compare.Rows;

namespace Swiper.Compare.Report;

/// <summary>CPU time per request and process, if several serve together: shows what would have to get cheaper.</summary>
internal static class ProcessTable
{
    public static FigureTable Of(IEnumerable<Measure> measures)
    {
        var shared = measures.Where(measure => measure.Readings.Any(reading => reading.Processes.Count > 1)).ToArray();
        var names = shared.SelectMany(measure => measure.Readings[0].Processes).Select(process => process.Name).Distinct().ToArray();
        return new(["CPU each, us", .. names, "load client"], Words: 1, [.. shared.Select(measure => Cells(measure, names))]);
    }

    private static string[] Cells(Measure measure, string[] processes) =>
    [
        measure.Name,
        .. processes.Select(name => Figure.MedianOf(measure.Readings, reading => Cores(reading, name) * 1e6 / reading.Value)),
        Figure.MedianOf(measure.Readings, reading => reading.ClientMicrosecondsEach),
    ];

    private static double Cores(Reading reading, string process) =>
        reading.Processes.FirstOrDefault(share => share.Name == process)?.Cores ?? 0;
}
