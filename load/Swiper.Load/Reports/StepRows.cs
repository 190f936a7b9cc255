using Swiper.Load.Results;

namespace Swiper.Load.Reports;

/// <summary>
/// The rows of the requests table: each step, the requests never sent (which belong to no step), and the total.
/// </summary>
internal static class StepRows
{
    /// <summary>What <see cref="StepResult.Count"/> counts.</summary>
    public static string CountTitle(LoadReport report) => report.Setting.Rate is null ? "sent" : "due";

    /// <param name="report">The run.</param>
    /// <param name="row">Makes a row from a name, its figures, and whether it is the total.</param>
    public static IEnumerable<TRow> Of<TRow>(LoadReport report, Func<string, StepResult, bool, TRow> row)
    {
        var rows = report.Steps.Select(step => row(step.Name, step, false));
        if (report.Unsent > 0)
            rows = rows.Append(row("never sent", Unsent(report.Unsent), false));
        return report.Steps.Count == 1 && report.Unsent == 0 ? rows : rows.Append(row("all", report.Total, true));
    }

    // Their wait was cut off by the end of the run, so it is not a latency.
    private static StepResult Unsent(long count) =>
        new("never sent", count, PerSecond: 0, new Dictionary<int, long> { [StepResult.NoReply] = count }, Latency.None, []);
}
