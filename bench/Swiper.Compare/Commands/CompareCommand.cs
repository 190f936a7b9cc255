using Spectre.Console;
using Swiper.Compare.Processes;
using Swiper.Compare.Report;
using Swiper.Compare.Rows;
using Swiper.Local;

namespace Swiper.Compare.Commands;

/// <summary>One run, printed and optionally written to files.</summary>
internal static class CompareCommand
{
    /// <summary>
    /// Returns the exit code: 1 if something could not run, 2 for invalid options. A bad figure is never a failure.
    /// </summary>
    public static int Run(CompareOptions options)
    {
        var document = new PerformanceDocument(options.Kind);
        string[] problems =
        [
            .. options.Problems(),
            .. options.Write && document.Problem() is { } noPlace ? (string[])[noPlace] : [],
            .. OperatingSystem.IsLinux() ? (string[])[] : ["the load client uses epoll, so the comparison runs on Linux only"],
        ];
        if (problems.Length > 0)
            return ToolCommand.Refuse(problems);

        using var subjects =
            new Subjects(new SwiperHostPlan(options.Host, options.Robots) { Settings = options.Settings }, options.OnCluster);
        if ((options.OfAncestor ? AncestorRun.Take(subjects, options) : ComparisonRun.Take(subjects, options)) is not { } result)
            return ToolCommand.Refuse($"--filter: no row's name contains {string.Join(" or ", options.Filter)}");
        result.Report.Print();
        if (options.Json is { } path)
            ResultFile.Write(path, result.Figures);
        if (options.Write)
            Write(document, result);
        return result.HasFailed ? 1 : 0;
    }

    // An incomplete run must not replace a complete one.
    private static void Write(PerformanceDocument document, RunResult result)
    {
        if (result.HasFailed)
        {
            AnsiConsole.WriteLine("Not written: something could not run.");
            return;
        }
        document.Write(result.Report.ToMarkdown());
        AnsiConsole.WriteLine("Written to docs/performance.md.");
    }
}
