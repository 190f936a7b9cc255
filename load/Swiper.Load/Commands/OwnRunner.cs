using Spectre.Console;
using Swiper.Load.Live;
using Swiper.Load.Reports;
using Swiper.Load.Results;
using Swiper.Load.Running;
using Swiper.Local;

namespace Swiper.Load.Commands;

/// <summary>Swiper's own runner, with a live table and reports.</summary>
internal sealed class OwnRunner : ILoadRunner
{
    public async Task<int> RunAsync(LoadPlan plan, string reportFolder, CancellationToken stop)
    {
        var console = TerminalConsole.Create();
        LoadReport report;
        using (var table = new LiveTable(console, $"{plan.Scenario.Name}, {plan.Profile}",
            TimeSpan.FromSeconds(plan.Settings.DurationSeconds)))
            report = await new LoadRun(plan, table.Show).RunAsync(stop);
        Tell(console, report, ReportWriter.Write(report, reportFolder));
        return report switch
        {
            { Interrupted: true } => ExitCode.Interrupted,
            { Passed: true } => ExitCode.Passed,
            _ => ExitCode.ThresholdMissed,
        };
    }

    private static void Tell(IAnsiConsole console, LoadReport report, IReadOnlyList<string> files)
    {
        foreach (var threshold in report.Thresholds)
        {
            console.Markup(threshold.Met ? "[green]met[/]     " : "[red]missed[/]  ");
            console.MarkupLineInterpolated($"{threshold.Rule} [grey]({threshold.Actual})[/]");
        }
        foreach (var (name, value) in report.Figures)
            console.MarkupLineInterpolated($"[grey]{name}: {value:#,0.###}[/]");
        foreach (var remark in Remarks.On(report))
            console.MarkupLineInterpolated($"[yellow]{remark}[/]");
        // Bypasses the console, which would wrap long paths.
        console.Profile.Out.Writer.WriteLine($"report: {files[^1]}");
    }
}
