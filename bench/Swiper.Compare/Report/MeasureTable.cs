using Swiper.Compare.Rows;

namespace Swiper.Compare.Report;

/// <summary>Each measure by itself: what a request cost the server and the load client, and who could not go faster.</summary>
internal static class MeasureTable
{
    private static readonly string[] Columns =
        ["measure", "limited by", "/s", "p50, us", "p99, us", "server, us each", "client, us each", "server, cores", "client, cores"];

    public static FigureTable Of(IEnumerable<Measure> measures) =>
        new(Columns, Words: 2, [.. measures.Where(measure => measure.Readings.Count > 0).Select(Cells)]);

    private static string[] Cells(Measure measure)
    {
        var readings = measure.Readings;
        // The shares of the median reading: those of different rounds would not belong together.
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

    // Where none were taken: of batches, and of clients that are not ours.
    private static string Latency(double microseconds) => microseconds == 0 ? "" : Figure.Of(microseconds);
}
