using System.Globalization;
using Swiper.Load.Formatting;
using Swiper.Load.Results;

namespace Swiper.Load.Reports;

/// <summary>Caveats on the figures of a run.</summary>
internal static class Remarks
{
    private const double KeptUp = 0.98;
    private const double AllCores = 0.9;
    private const double NoticeableCores = 0.1;
    private const long FewRequests = 1_000;

    /// <summary>Full sentences, most important first; empty if nothing is unusual.</summary>
    public static IReadOnlyList<string> On(LoadReport report)
    {
        var remarks = new List<string>();
        var (total, setting) = (report.Total, report.Setting);
        if (report.Interrupted)
            remarks.Add($"The run was interrupted after {LatencyText.Of(report.Seconds * 1e6)} of measurement.");
        if (total.Count == 0)
            remarks.Add("Nothing was measured: no request ended.");
        else if (total.Count < FewRequests)
            remarks.Add(Text($"Only {total.Count:N0} requests were measured, so the upper percentiles depend on one or two of them."));
        if (total.Codes.GetValueOrDefault(StepResult.NoReply) is > 0 and var lost)
            remarks.Add(Text($"{lost:N0} requests got no reply: they were never sent, timed out, or lost their connection."));
        if (report.DuePerSecond is { } due && total.PerSecond < KeptUp * due)
        {
            remarks.Add(
                $"{NumberText.Of(due)} requests a second were due and {NumberText.Of(total.PerSecond)} completed "
                + $"({NumberText.Share(total.PerSecond, due)}): the server or the runner did not keep up. "
                + "Latency counts from when a request was due.");
        }
        if (report.Timeline.Sum(second => second.WarmUpEnded) is var earlier && earlier > (1 - KeptUp) * total.Replies)
        {
            remarks.Add(
                $"{NumberText.Of(earlier)} requests that completed in the measured part were due in the warm-up: "
                + "the measured part began with a backlog. They count only in the rate, not in latencies and codes.");
        }
        if (CoresRemark(setting) is { } cores)
            remarks.Add(cores);
        if (setting.OtherCores is > NoticeableCores and var others)
            remarks.Add(Text(
                $"Other processes used {others:0.##} of the machine's {setting.Cores} cores; repeat the run on an idle machine."));
        return remarks;
    }

    private static string? CoresRemark(RunSetting setting)
    {
        if (setting.RunnerCores >= AllCores * setting.Cores)
            return Text($"The runner used {setting.RunnerCores:0.#} of {setting.Cores} cores and may have been the bottleneck.");
        if (setting.ServerCores is { } server && server + setting.RunnerCores >= AllCores * setting.Cores)
            return Text($"Server ({server:0.#} cores) and runner ({setting.RunnerCores:0.#}) together used all ")
                + Text($"{setting.Cores} cores of the machine; without the runner the server could do more.");
        return null;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
