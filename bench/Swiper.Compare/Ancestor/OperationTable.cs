using Swiper.Compare.Report;
using Swiper.Compare.Rows;

namespace Swiper.Compare.Ancestor;

/// <summary>Swiper's figures next to the ancestor's.</summary>
internal static class OperationTable
{
    private static readonly string[] Columns =
        ["operation", "kind", "limited by", "Swiper, /s", "ancestor, /s", "times", "p50, us", "p99, us", "server, us each"];

    public static FigureTable Of(IEnumerable<Operation> operations) =>
        new(Columns, Words: 3, [.. operations.Where(operation => operation.Measure.Readings.Count > 0).Select(Cells)]);

    private static string[] Cells(Operation operation)
    {
        var readings = operation.Measure.Readings;
        return
        [
            operation.Measure.Name,
            operation.Ancestor.Kind,
            Reading.Middle(readings).LimitedBy(),
            Report.Figure.MedianOf(readings, reading => reading.Value),
            Report.Figure.Of(operation.Ancestor.PerSecond),
            operation.Times.ToString("0.0", System.Globalization.CultureInfo.InvariantCulture),
            Report.Figure.MedianOf(readings, reading => reading.MedianMicroseconds),
            Report.Figure.MedianOf(readings, reading => reading.Percentile99Microseconds),
            Report.Figure.MedianOf(readings, reading => reading.ServerMicrosecondsEach),
        ];
    }
}
