using Swiper.Compare.Rows;

namespace Swiper.Compare.Report;

/// <summary>Each measure by itself: the cost per request on server and load client, and the bottleneck.</summary>
internal static class MeasureTable
{
    private static readonly string[] Columns =
        ["measure", "limited by", "/s", "p50, us", "p99, us", "server, us each", "client, us each", "server, cores", "client, cores"];

    public static FigureTable Of(IEnumerable<Measure> measures) =>
        new(Columns, Words: 2, [.. measures.Where(measure => measure.Readings.Count > 0).Select(Cells)]);

    private static string[] Cells(Measure measure)
    {
        var readings = measure.Readings;
        // The CPU shares of the median reading, because shares of different rounds do not belong together.
        var middle = Reading.Middle(readings);
        return
        [
            measure.Name,
            middle.LimitedBy(),
            Figure.MedianOf(readings, reading => reading.Value),
            Figure.MedianOf(readings, reading => reading.MedianMicroseconds, Latency),
            Figure.MedianOf(readings, reading => reading.Percentile99Microseconds, Latency),
            Figure.MedianOf(readings, reading => reading.ServerMicrosecondsEach),
            Figure.MedianOf(readings, reading => reading.ClientMicrosecondsEach),
            Figure.Ratio(middle.ServerCores),
            Figure.Ratio(middle.ClientCores),
        ];
    }

    // Empty if not measured: for batches, and for third-party clients.
    private static string Latency(double microseconds) => microseconds == 0 ? "" : Figure.Of(microseconds);
}
